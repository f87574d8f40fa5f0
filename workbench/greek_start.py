"""In Greek: the start of the app, what comes next, batches, and the names of the screens."""

PHRASES = {
    # Keys
    "begin": "έναρξη", "import": "εισαγωγή", "what next": "τι ακολουθεί", "show plan": "πλάνο",
    "find a part": "εύρεση μέρους",
    "resume": "συνέχεια", "try again": "ξανά", "follow": "παρακολούθηση", "see result": "αποτέλεσμα",
    "answer": "απάντηση", "choose data": "επιλογή δεδομένων", "complete": "συμπλήρωση",
    "redraw": "επανασχεδίαση", "sleep": "αναστολή", "colours": "χρώματα", "system": "μηχάνημα",
    "log": "ημερολόγιο", "report": "αναφορά",
    "down": "κάτω", "up": "πάνω", "right": "δεξιά", "first": "πρώτο", "last": "τελευταίο", "top": "αρχή",
    "page down": "σελίδα κάτω", "page up": "σελίδα πάνω", "end": "τέλος",
    "next tab": "επόμενη καρτέλα", "tab before": "προηγούμενη καρτέλα", "next field": "επόμενο πεδίο",
    "field before": "προηγούμενο πεδίο", "line before": "προηγούμενη γραμμή", "choice before": "προηγούμενη επιλογή",
    "show brief": "θέμα", "show parameters": "ρυθμίσεις", "show run": "πορεία", "show result": "τιμές",
    "show log": "ημερολόγιο", "show answer": "απάντηση", "show runs": "λίστα", "run again": "νέα εκτέλεση",
    "measure time": "μέτρηση χρόνου",
    "run all": "όλο το εργαστήριο", "map before": "προηγούμενος χάρτης", "turn back": "στροφή πίσω",
    "tilt back": "κλίση πίσω", "pan right": "μετατόπιση δεξιά", "pan left": "μετατόπιση αριστερά",
    "pan up": "μετατόπιση πάνω", "pan down": "μετατόπιση κάτω", "tag": "ετικέτα", "take back": "επαναφορά",
    "layer before": "προηγούμενο επίπεδο", "epoch before": "προηγούμενη εποχή", "clear": "καθαρισμός",
    "rubber": "γόμα", "centre": "κεντράρισμα", "next example": "επόμενο παράδειγμα",
    "example before": "προηγούμενο παράδειγμα",
    # The marked run of the list
    "The marked run is {}; there is nothing to stop in it.":
        "Η σημειωμένη εκτέλεση: {}. Δεν έχει κάτι να σταματήσει.",
    "The marked run is {}; there is nothing to pause in it.":
        "Η σημειωμένη εκτέλεση: {}. Δεν έχει κάτι να μπει σε παύση.",
    "The marked run is {}, and cannot be resumed; R runs the part again.":
        "Η σημειωμένη εκτέλεση: {}. Δεν συνεχίζεται· το R τρέχει ξανά το μέρος.",
    "The part is finished by another run; 4 shows its result.":
        "Το μέρος έχει τελειώσει με άλλη εκτέλεση· το 4 δείχνει το αποτέλεσμά της.",
    # Names of screens
    "Machine": "Μηχάνημα", "Session log": "Ημερολόγιο", "Settings": "Ρυθμίσεις", "Report": "Αναφορά",
    "Comparison": "Σύγκριση", "Confusion matrix": "Πίνακας σύγχυσης", "Clips": "Δείγματα",
    # Start
    "new, on the demo set": "νέα, στο σύνολο επίδειξης", "new, on your data": "νέα, στα δεδομένα σας",
    "import a session": "εισαγωγή συνεδρίας",
    "Music composed and played by code, in the layout of the lab's data. It is built here in about a minute, once, "
    "and every step of the lab runs on it.":
        "Μουσική που συνέθεσε και έπαιξε κώδικας, στη μορφή των δεδομένων του εργαστηρίου. Φτιάχνεται εδώ μία φορά, σε "
        "περίπου ένα λεπτό, και όλα τα βήματα τρέχουν πάνω της.",
    "A folder with the lab's data set: fma_genre_spectrograms and its sisters. In the palette (ctrl+p) "
    "`data fetch` downloads it, and `data extract` makes one of your own music.":
        "Φάκελος με τα δεδομένα του εργαστηρίου: fma_genre_spectrograms και τα αδέλφια του. Στην παλέτα (ctrl+p) "
        "το `data fetch` τα κατεβάζει και το `data extract` τα φτιάχνει από δική σας μουσική.",
    "An archive (.tar.gz) that was exported here or on another machine, with its runs, results and answers. "
    "It becomes a new session; nothing that is there is touched.":
        "Αρχείο (.tar.gz) που εξήχθη εδώ ή σε άλλο μηχάνημα, με τις εκτελέσεις, τα αποτελέσματα και τις απαντήσεις "
        "του. Γίνεται νέα συνεδρία· τίποτα από όσα υπάρχουν δεν αλλάζει.",
    "Arrows choose, enter begins.": "Τα βέλη επιλέγουν, το enter ξεκινά.",
    "No session yet. A session keeps the runs, results and answers of one pass through the lab.":
        "Δεν υπάρχει συνεδρία ακόμη. Μια συνεδρία κρατά τις εκτελέσεις, τα αποτελέσματα και τις απαντήσεις.",
    "no runs": "καμία εκτέλεση", "none yet": "κανένα ακόμη", "device": "συσκευή", "seed": "seed", "parts": "μέρη",
    "now": "τώρα", "left": "αριστερά", "waits": "εκκρεμούν", "best": "καλύτερο", "list": "λίστα", "folder": "φάκελος",
    "{} interrupted, can be resumed": "{}: διακόπηκε, μπορεί να συνεχιστεί",
    "New session": "Νέα συνεδρία", "Import a session": "Εισαγωγή συνεδρίας", "name": "όνομα", "archive": "αρχείο",
    "data folder": "φάκελος δεδομένων", "any text": "οποιοδήποτε κείμενο",
    "empty keeps the one that it had": "κενό: κρατά αυτό που είχε",
    "an exported session, .tar.gz; tab completes it": "συνεδρία που εξάχθηκε, .tar.gz· tab συμπληρώνει",
    "the folder that holds fma_genre_spectrograms and its sisters; tab completes it":
        "ο φάκελος που περιέχει το fma_genre_spectrograms και τα αδέλφια του· tab συμπληρώνει",
    "Give the path of an exported session (.tar.gz); tab completes it.":
        "Δώστε τη θέση μιας συνεδρίας που εξήχθη (.tar.gz)· το tab συμπληρώνει.",
    "{} more": "άλλα {}", "Data of this session": "Δεδομένα της συνεδρίας",
    # What comes next
    "finished before": "έχει αποτέλεσμα", "{} of {} done": "{} από {} έτοιμα", "{} open": "ερωτ. {}",
    "all is done; F6 is the report": "όλα έτοιμα· F6 για την αναφορά",
    "Nothing is left to do in the lab: F6 builds the report.":
        "Δεν μένει τίποτα στο εργαστήριο: το F6 φτιάχνει την αναφορά.",
    " and {} more": " και άλλα {}", "value": "τιμή", "unit": "μονάδα", "range": "όρια", "default {}": "προεπιλογή {}",
    "Run {} first. Press r to see the plan and start it.":
        "Εκτελέστε πρώτα: {}. Πατήστε r για το πλάνο και την εκκίνηση.",
    "A later run of it was interrupted. Press 3 to see how far it came, and r there.":
        "Μια νεότερη εκτέλεσή του διακόπηκε. Πατήστε 3 για να δείτε πού έφτασε, και εκεί r.",
    "It gets ready: libraries and data are loaded, which takes seconds.":
        "Ετοιμάζεται: φορτώνονται βιβλιοθήκες και δεδομένα, σε λίγα δευτερόλεπτα.",
    # What the app says
    "{} is being started already.": "Το {} ξεκινά ήδη.",
    "{} runs; it goes on if you leave.": "Το {} εκτελείται· συνεχίζεται αν φύγετε.",
    "{} waits for its turn on the device; it starts by itself, and goes on if you leave.":
        "Το {} περιμένει τη σειρά του στη συσκευή· αρχίζει μόνο του και συνεχίζεται αν φύγετε.",
    "{} is finished; 4 shows its result.": "Το {} είναι έτοιμο· το 4 δείχνει το αποτέλεσμα.",
    "{} is finished with these settings; R runs it again.":
        "Το {} είναι έτοιμο με αυτές τις ρυθμίσεις· το R το εκτελεί ξανά.",
    "{} goes on already, and its time is not measured; P again when it has ended.":
        "Το {} εκτελείται ήδη χωρίς μέτρηση χρόνου· ξανά P όταν τελειώσει.",
    "{} is finished and its time was measured: the last page of 4 tells. R runs it again.":
        "Το {} είναι έτοιμο και ο χρόνος του μετρήθηκε: τα λέει η τελευταία σελίδα του 4. Το R το εκτελεί ξανά.",
    "{} runs and the time of its trainings is measured: the last page of 4 will tell. It goes on if you leave.":
        "Το {} εκτελείται με μέτρηση του χρόνου εκπαίδευσης: τον λέει η τελευταία σελίδα του 4. Συνεχίζεται αν φύγετε.",
    "{} goes on already.": "Το {} εκτελείται ήδη.", "Starting {} …": "Αρχίζει το {} …",
    "{} is taken up where it was saved.": "Το {} συνεχίζεται από εκεί που αποθηκεύτηκε.",
    "{} is finished.": "Το {} είναι έτοιμο.",
    "Asked to save and stop; it waits for {}. r resumes it.":
        "Ζητήθηκε αποθήκευση και διακοπή· περιμένει {}. Το r τη συνεχίζει.",
    "Asked to pause; it waits for {}.": "Ζητήθηκε παύση· περιμένει {}.",
    "That is asked already; it waits for {}.": "Έχει ήδη ζητηθεί· περιμένει {}.",
    "It is paused now; p lets it go on.": "Είναι τώρα σε παύση· το p τη συνεχίζει.",
    "pause asked {}; it waits for {}": "ζητήθηκε παύση {}· περιμένει {}",
    "stop asked {}; it waits for {}": "ζητήθηκε διακοπή {}· περιμένει {}",
    "going on asked {}; it waits for {}": "ζητήθηκε συνέχεια {}· περιμένει {}",
    "saving asked {}; it waits for {}": "ζητήθηκε αποθήκευση {}· περιμένει {}",
    "change asked {}; it waits for {}": "ζητήθηκε αλλαγή {}· περιμένει {}",
    "the end of the batch under way": "το τέλος του τρέχοντος batch",
    "the end of the piece of work under way": "το τέλος της τρέχουσας εργασίας",
    "libraries and data to load": "να φορτωθούν βιβλιοθήκες και δεδομένα",
    "the run to read it": "να το διαβάσει η εκτέλεση",
    "Asked to go on.": "Ζητήθηκε συνέχεια.", "go on": "συνέχιση", "Asked for a checkpoint.": "Ζητήθηκε checkpoint.",
    "Asked for another learning rate.": "Ζητήθηκε άλλος ρυθμός μάθησης.",
    "Open or make a session first.": "Ανοίξτε ή φτιάξτε πρώτα μια συνεδρία.",
    "No session is open. F2 lists the sessions.": "Καμία συνεδρία δεν είναι ανοιχτή. Το F2 δείχνει τις συνεδρίες.",
    "The data folder is chosen.": "Ο φάκελος δεδομένων επιλέχθηκε.", "r checks again.": "Το r ελέγχει ξανά.",
    # Batches and what goes on
    "{} running": "{} εκτελείται", "{} queued": "{} σε αναμονή", "{} paused": "{} σε παύση", "epoch {}": "εποχή {}",
    "then {}, {} to run in this batch": "μετά {}, μένουν {} στη σειρά",
    "{} comes next": "ακολουθεί {}",
    "Asked the batch to end; what it has run is kept, {} is not started.":
        "Ζητήθηκε τέλος της σειράς· όσα έτρεξαν μένουν, το {} δεν αρχίζει.",
    "The batch runs on another machine, and is to be stopped there.":
        "Η σειρά τρέχει σε άλλο μηχάνημα και σταματά από εκεί.",
}  # fmt: skip
