"""In Greek: what the keys do, and what the panes are for, as the help and the palette tell them."""

PHRASES = {
    # Everywhere, and the lab
    "What the keys do where you are.": "Τι κάνουν τα πλήκτρα εδώ που βρίσκεστε.",
    "Leave the workbench; runs go on.": "Έξοδος από το workbench· οι εκτελέσεις συνεχίζονται.",
    "Draw the whole screen anew.": "Σχεδίαση όλης της οθόνης από την αρχή.",
    "Sleep until the shell's fg brings the app back.":
        "Αναστολή μέχρι η εντολή fg του κελύφους να φέρει πίσω την εφαρμογή.",
    "Change between dark and light colours.": "Εναλλαγή σκούρων και ανοιχτών χρωμάτων.",
    "The list of sessions: open another, make a new one.": "Η λίστα των συνεδριών: άνοιγμα άλλης, δημιουργία νέας.",
    "The machine: processors, memory, GPUs, disks, queue.": "Το μηχάνημα: επεξεργαστές, μνήμη, GPU, δίσκοι, ουρά.",
    "What all runs of the session have said.": "Όσα έχουν πει όλες οι εκτελέσεις της συνεδρίας.",
    "The settings, and where each comes from.": "Οι ρυθμίσεις, και από πού έρχεται η καθεμία.",
    "The report: what it lacks, and building it.": "Η αναφορά: τι της λείπει, και η δημιουργία της.",
    "Run or resume the part, or the whole step; what is finished is shown, not repeated.":
        "Εκτέλεση ή συνέχεια του μέρους ή όλου του βήματος· όσα είναι έτοιμα φαίνονται, δεν επαναλαμβάνονται.",
    "Save the run's state and end it; r resumes it.":
        "Αποθήκευση της κατάστασης της εκτέλεσης και τέλος· το r τη συνεχίζει.",
    "Hold the run after the batch, or let it go on.": "Παύση της εκτέλεσης μετά το batch, ή συνέχειά της.",
    "Run the part or step and measure where its time goes; the last page of its result tells.":
        "Εκτέλεση του μέρους ή βήματος με μέτρηση του χρόνου· τα λέει η τελευταία σελίδα του αποτελέσματος.",
    "Run the part again, even if it is finished.": "Νέα εκτέλεση του μέρους, ακόμη κι αν είναι έτοιμο.",
    "Run the whole lab, after its plan is shown.": "Εκτέλεση όλου του εργαστηρίου, αφού φανεί το πλάνο του.",
    "Show what the part is.": "Δείχνει τι είναι το μέρος.",
    "Show and change its settings.": "Δείχνει και αλλάζει τις ρυθμίσεις του.",
    "Show the run: curves and progress.": "Δείχνει την εκτέλεση: καμπύλες και πρόοδος.",
    "Show values, tables and figures.": "Δείχνει τιμές, πίνακες και διαγράμματα.",
    "Show all messages of the run.": "Δείχνει όλα τα μηνύματα της εκτέλεσης.",
    "Show the question, and write the answer.": "Δείχνει την ερώτηση, και γράφεται η απάντηση.",
    "Look inside the network: layers, epochs, a digit of yours.":
        "Μια ματιά μέσα στο δίκτυο: επίπεδα, εποχές, ένα ψηφίο δικό σας.",
    "Show all runs of the part.": "Δείχνει όλες τις εκτελέσεις του μέρους.",
    "Give the panel the whole width, or take it back.": "Δίνει στο πλαίσιο όλο το πλάτος, ή το παίρνει πίσω.",
    "Back to the list of steps.": "Πίσω στη λίστα των βημάτων.",
    "Find a step or a part by its number or title.": "Βρες ένα βήμα ή μέρος με τον αριθμό ή τον τίτλο του.",
    "Go to the part that is best done next.": "Στο μέρος που είναι καλύτερο να γίνει μετά.",
    "Choose the folder of the data set for this session.":
        "Επιλογή του φακέλου με τα δεδομένα για αυτή τη συνεδρία.",
    # Lists and scrolling
    "Open the step, or go to the part's panel.": "Άνοιγμα του βήματος, ή μετάβαση στο πλαίσιο του μέρους.",
    "Next step or part.": "Επόμενο βήμα ή μέρος.", "Step or part before.": "Προηγούμενο βήμα ή μέρος.",
    "Show the parts of the step.": "Δείχνει τα μέρη του βήματος.",
    "Hide the parts of the step.": "Κρύβει τα μέρη του βήματος.",
    "Ten lines on.": "Δέκα γραμμές μπροστά.", "Ten lines back.": "Δέκα γραμμές πίσω.",
    "First step.": "Πρώτο βήμα.", "Last step.": "Τελευταίο βήμα.",
    "Do what comes next with the part: run or resume it, see its result, answer.":
        "Κάνει ό,τι ακολουθεί με το μέρος: εκτέλεση ή συνέχεια, αποτέλεσμα, απάντηση.",
    "Scroll down.": "Κύλιση κάτω.", "Scroll up.": "Κύλιση πάνω.", "A page down.": "Μία σελίδα κάτω.",
    "A page up.": "Μία σελίδα πάνω.", "To the top.": "Στην αρχή.", "To the end.": "Στο τέλος.",
    "Find a line of the list.": "Εύρεση γραμμής της λίστας.",
    "Next tab of the panel.": "Επόμενη καρτέλα του πλαισίου.", "Tab before.": "Προηγούμενη καρτέλα.",
    "Next line.": "Επόμενη γραμμή.", "Line before.": "Προηγούμενη γραμμή.", "Last line.": "Τελευταία γραμμή.",
    "Stay on the line that was found.": "Μένετε στη γραμμή που βρέθηκε.",
    "Go on to the next line that has the text.": "Στην επόμενη γραμμή που έχει το κείμενο.",
    "Go back to the line before that has it.": "Πίσω στην προηγούμενη γραμμή που το έχει.",
    "Go back to where one was.": "Πίσω εκεί που ήσασταν.",
    # Parameters and fields
    "Change the parameter's value.": "Αλλαγή της τιμής της παραμέτρου.",
    "Take the next of a parameter's choices.": "Η επόμενη από τις επιλογές της παραμέτρου.",
    "Give the parameter its default value again.": "Η παράμετρος παίρνει ξανά την προεπιλογή της.",
    "Give all parameters their defaults again.": "Όλες οι παράμετροι παίρνουν ξανά τις προεπιλογές τους.",
    "Next parameter.": "Επόμενη παράμετρος.", "Parameter before.": "Προηγούμενη παράμετρος.",
    "First parameter.": "Πρώτη παράμετρος.", "Last parameter.": "Τελευταία παράμετρος.",
    "Take the value as it stands in the field.": "Ισχύει η τιμή όπως είναι στο πεδίο.",
    "Leave the value as it was.": "Η τιμή μένει όπως ήταν.",
    "Put in the next of the choices.": "Μπαίνει η επόμενη επιλογή.",
    "Put in the choice before.": "Μπαίνει η προηγούμενη επιλογή.",
    "Take what stands in the field.": "Ισχύει ό,τι είναι στο πεδίο.",
    "Close without a change.": "Κλείσιμο χωρίς αλλαγή.",
    "Next field.": "Επόμενο πεδίο.", "Field before.": "Προηγούμενο πεδίο.",
    "Start what the plan says, one after the other.": "Ξεκινούν όσα λέει το πλάνο, το ένα μετά το άλλο.",
    "Close without starting anything.": "Κλείσιμο χωρίς να ξεκινήσει τίποτα.", "Close.": "Κλείσιμο.",
    "Complete the path as far as it is sure.": "Συμπλήρωση της διαδρομής όσο είναι βέβαιη.",
    "Back to the screen before.": "Πίσω στην προηγούμενη οθόνη.",
    # Run and result
    "Change the live run's peak learning rate.": "Αλλαγή του μέγιστου ρυθμού μάθησης της εκτέλεσης.",
    "Save a checkpoint of the live run now.": "Αποθήκευση checkpoint της εκτέλεσης τώρα.",
    "Draw loss, scores, learning rate, gradient norm or time of an epoch.":
        "Σχεδιάζει σφάλμα, μετρικές, ρυθμό μάθησης, νόρμα κλίσης ή χρόνο εποχής.",
    "Smooth the curves, or draw them as they were measured.": "Εξομαλύνει τις καμπύλες, ή τις δείχνει όπως μετρήθηκαν.",
    "Draw the vertical axis logarithmically, or not.": "Λογαριθμικός κατακόρυφος άξονας, ή όχι.",
    "Next table or figure.": "Επόμενος πίνακας ή διάγραμμα.",
    "Next table or figure; past the last, the next tab.":
        "Επόμενος πίνακας ή διάγραμμα· μετά τον τελευταίο, η επόμενη καρτέλα.",
    "Table or figure before; past the first, the tab before.":
        "Προηγούμενος πίνακας ή διάγραμμα· πριν από τον πρώτο, η προηγούμενη καρτέλα.",
    "Where nothing is to be seen yet, what enter does in Run.":
        "Όπου δεν υπάρχει κάτι ακόμη, ό,τι κάνει το enter στην Πορεία.",
    "Table or figure before.": "Προηγούμενος πίνακας ή διάγραμμα.",
    "A confusion matrix in clips, or in percents of its rows.":
        "Ο πίνακας σύγχυσης σε δείγματα, ή σε ποσοστά των γραμμών του.",
    "The map over the whole terminal: zoom, pick a track.":
        "Ο χάρτης σε όλο το τερματικό: μεγέθυνση, επιλογή κομματιού.",
    "Go from cell to cell of a matrix, to the clips behind.":
        "Από κελί σε κελί του πίνακα, ως τα δείγματα από πίσω.",
    "The figure over the whole terminal, as a picture where it can.":
        "Το διάγραμμα σε όλο το τερματικό, ως εικόνα όπου γίνεται.",
    "Copy the path of the figure's PNG file (by OSC 52).":
        "Αντιγραφή της διαδρομής του PNG του διαγράμματος (με OSC 52).",
    "What is out of sight to the right.": "Ό,τι δεν φαίνεται στα δεξιά.",
    "What is out of sight to the left.": "Ό,τι δεν φαίνεται στα αριστερά.",
    "Half as much of the figure, closer.": "Το μισό διάγραμμα, από πιο κοντά.",
    "Twice as much of the figure, farther.": "Το διπλάσιο διάγραμμα, από πιο μακριά.",
    "The whole figure again.": "Πάλι όλο το διάγραμμα.",
    "Along the figure to the right.": "Δεξιότερα στο διάγραμμα.",
    "Along the figure to the left.": "Αριστερότερα στο διάγραμμα.",
    # Maps
    "The spectrogram of the picked track.": "Το φασματογράφημα του επιλεγμένου κομματιού.",
    "Go closer to the picked track.": "Πιο κοντά στο επιλεγμένο κομμάτι.", "Go farther away.": "Πιο μακριά.",
    "The next map, with the same track picked.": "Ο επόμενος χάρτης, με το ίδιο κομμάτι επιλεγμένο.",
    "The map before.": "Ο προηγούμενος χάρτης.",
    "One class in colour and the others as dots; then the next; then all.":
        "Μία κλάση με χρώμα και οι άλλες ως τελείες· μετά η επόμενη· μετά όλες.",
    "Turn points in space to the right.": "Στροφή των σημείων προς τα δεξιά.",
    "Turn points in space to the left.": "Στροφή των σημείων προς τα αριστερά.",
    "Tilt points in space towards you.": "Κλίση των σημείων προς εσάς.",
    "Tilt points in space away from you.": "Κλίση των σημείων μακριά από εσάς.",
    "The whole map, from where it was seen at first.": "Όλος ο χάρτης, όπως φαινόταν στην αρχή.",
    "Pick a track by its id.": "Επιλογή κομματιού με το id του.",
    "Pick the nearest track to the right.": "Επιλογή του κοντινότερου κομματιού δεξιά.",
    "Pick the nearest track to the left.": "Επιλογή του κοντινότερου κομματιού αριστερά.",
    "Pick the nearest track above.": "Επιλογή του κοντινότερου κομματιού από πάνω.",
    "Pick the nearest track below.": "Επιλογή του κοντινότερου κομματιού από κάτω.",
    "See a quarter more at the right.": "Ένα τέταρτο ακόμη δεξιά.",
    "See a quarter more at the left.": "Ένα τέταρτο ακόμη αριστερά.",
    "See a quarter more above.": "Ένα τέταρτο ακόμη πάνω.", "See a quarter more below.": "Ένα τέταρτο ακόμη κάτω.",
    "Back to the result.": "Πίσω στο αποτέλεσμα.",
    # Answers
    "Write the answer; esc leaves the editor.": "Γράφεται η απάντηση· με esc βγαίνετε από τον συντάκτη.",
    "Show or hide the reference note; it never counts as the answer.":
        "Δείχνει ή κρύβει τη σημείωση αναφοράς· δεν μετρά ποτέ ως απάντηση.",
    "Save the answer and leave the editor.": "Αποθήκευση της απάντησης και έξοδος από τον συντάκτη.",
    "Take the text on disk; ctrl+z brings yours back.": "Ισχύει το κείμενο του δίσκου· ctrl+z φέρνει το δικό σας.",
    "Put your text in the place of the one on disk.": "Το κείμενό σας μπαίνει στη θέση αυτού στον δίσκο.",
    # Sessions
    "Open the session.": "Άνοιγμα της συνεδρίας.",
    "Make a session on a data folder of yours.": "Νέα συνεδρία σε δικό σας φάκελο δεδομένων.",
    "Build the demo set if it is not there, and a session on it.":
        "Φτιάχνει το σύνολο επίδειξης αν λείπει, και μια συνεδρία πάνω του.",
    "Make a session of an archive that was exported.": "Νέα συνεδρία από αρχείο που είχε εξαχθεί.",
    "Back to the lab.": "Πίσω στο εργαστήριο.", "First session.": "Πρώτη συνεδρία.",
    # Inside the network
    "Train the network; it goes on if you leave.": "Εκπαίδευση του δικτύου· συνεχίζεται αν φύγετε.",
    "Take a held-out digit; the same key again takes the next one of it.":
        "Ένα ψηφίο που κρατήθηκε εκτός· το ίδιο πλήκτρο ξανά φέρνει το επόμενο του ίδιου.",
    "Put the pen down where it is, or lift it; moving draws meanwhile.":
        "Κατεβάζει τη γραφίδα εκεί που είναι, ή τη σηκώνει· κατεβασμένη, η κίνηση σχεδιάζει.",
    "Next layer; the filters come first, the scores last.": "Επόμενο επίπεδο· πρώτα τα φίλτρα, τελευταίες οι τιμές.",
    "Layer before.": "Προηγούμενο επίπεδο.", "The weights one epoch later.": "Τα βάρη μία εποχή αργότερα.",
    "The weights one epoch earlier.": "Τα βάρη μία εποχή νωρίτερα.",
    "Take an empty sheet to draw on.": "Άδειο φύλλο για σχεδίαση.",
    "Put the rubber down, or lift it.": "Κατεβάζει τη γόμα, ή τη σηκώνει.",
    "Shift the ink to the middle, as in MNIST.": "Μεταφέρει το μελάνι στο κέντρο, όπως στο MNIST.",
    "Next held-out digit of the same class.": "Επόμενο κρατημένο ψηφίο της ίδιας κλάσης.",
    "Held-out digit before.": "Προηγούμενο κρατημένο ψηφίο.",
    "Move the pen up.": "Η γραφίδα πάνω.", "Move the pen down.": "Η γραφίδα κάτω.",
    "Move the pen left.": "Η γραφίδα αριστερά.", "Move the pen right.": "Η γραφίδα δεξιά.",
    # Runs
    "Show the run's result, or where it stands.": "Δείχνει το αποτέλεσμα της εκτέλεσης, ή πού βρίσκεται.",
    "Mark the run for a comparison, or take the mark back.": "Σημειώνει την εκτέλεση για σύγκριση, ή τη ξεσημειώνει.",
    "Compare the marked runs, or this one with the baseline.":
        "Σύγκριση των σημειωμένων εκτελέσεων, ή αυτής με την αναφορά.",
    "Pin the run as the baseline of its part, or let it go.":
        "Καρφιτσώνει την εκτέλεση ως αναφορά του μέρους, ή την αφήνει.",
    "Write a note on the run.": "Σημείωση για την εκτέλεση.",
    "Give the run tags, or take them away.": "Δίνει ετικέτες στην εκτέλεση, ή τις παίρνει.",
    "Move the run to the trash; u takes it back.": "Μεταφέρει την εκτέλεση στον κάδο· το u την επαναφέρει.",
    "Take the last deleted run out of the trash.": "Βγάζει από τον κάδο την τελευταία που διαγράφηκε.",
    "Next run.": "Επόμενη εκτέλεση.", "Run before.": "Προηγούμενη εκτέλεση.",
    "Newest run.": "Νεότερη εκτέλεση.", "Oldest run.": "Παλιότερη εκτέλεση.",
    "Draw the loss, or the next of the scores, over the epochs.":
        "Σχεδιάζει το σφάλμα, ή την επόμενη μετρική, ανά εποχή.",
    "Compare with the next of the runs.": "Σύγκριση με την επόμενη εκτέλεση.",
    # Cells, clips, pictures
    "The clips that are counted in the cell.": "Τα δείγματα που μετρά το κελί.",
    "Clips, or percents of the rows.": "Δείγματα, ή ποσοστά των γραμμών.",
    "The cell below.": "Το κελί από κάτω.", "The cell above.": "Το κελί από πάνω.",
    "The cell to the right.": "Το κελί δεξιά.", "The cell to the left.": "Το κελί αριστερά.",
    "Next clip.": "Επόμενο δείγμα.", "Clip before.": "Προηγούμενο δείγμα.",
    "First clip.": "Πρώτο δείγμα.", "Last clip.": "Τελευταίο δείγμα.",
    "The figure in characters, or as a picture.": "Το διάγραμμα με χαρακτήρες, ή ως εικόνα.",
    # Log, settings, report
    "Show warnings and errors alone, or everything.": "Μόνο προειδοποιήσεις και σφάλματα, ή όλα.",
    "Change the setting's value.": "Αλλαγή της τιμής της ρύθμισης.",
    "Take the next of a setting's choices.": "Η επόμενη από τις επιλογές της ρύθμισης.",
    "Take the setting out of the file; what is behind it counts.":
        "Βγάζει τη ρύθμιση από το αρχείο· ισχύει ό,τι είναι πίσω της.",
    "Let changes go to the session's own settings, or mine.":
        "Οι αλλαγές πάνε στις ρυθμίσεις της συνεδρίας, ή στις δικές μου.",
    "Next setting.": "Επόμενη ρύθμιση.", "Setting before.": "Προηγούμενη ρύθμιση.",
    "First setting.": "Πρώτη ρύθμιση.", "Last setting.": "Τελευταία ρύθμιση.",
    "Build the report as a PDF, in a process of its own.": "Δημιουργία της αναφοράς σε PDF, σε δική της διεργασία.",
    "Build the report as one HTML file.": "Δημιουργία της αναφοράς ως ένα αρχείο HTML.",
    "Read the report as text, as it would be built.": "Η αναφορά ως κείμενο, όπως θα φτιαχνόταν.",
    "Check again what the report lacks.": "Νέος έλεγχος για όσα λείπουν από την αναφορά.",
    "Copy the path of what was built (by OSC 52).": "Αντιγραφή της διαδρομής του αρχείου που φτιάχτηκε (με OSC 52).",
    "Next section.": "Επόμενη ενότητα.", "Section before.": "Προηγούμενη ενότητα.",
    "First section.": "Πρώτη ενότητα.", "Last section.": "Τελευταία ενότητα.",
    "Read the report's text again.": "Ανάγνωση του κειμένου της αναφοράς ξανά.",
    "Go to the first part that lacks something.": "Στο πρώτο μέρος που του λείπει κάτι.",
    # Groups of the help
    "List of steps": "Λίστα βημάτων", "Field": "Πεδίο", "Map of tracks": "Χάρτης κομματιών",
    "The report as text": "Η αναφορά ως κείμενο", "Log": "Μηνύματα", "Sections of the report": "Ενότητες της αναφοράς",
    "Closer to a figure": "Πιο κοντά σε διάγραμμα",
    "Figure over the whole terminal": "Διάγραμμα σε όλο το τερματικό", "Cells of the matrix": "Κελιά του πίνακα",
    "Finding": "Εύρεση", "List": "Λίστα", "Screen": "Οθόνη", "Writing": "Γράψιμο", "Scrolling": "Κύλιση",
    "Tabs": "Καρτέλες", "Panel": "Πλαίσιο", "Data": "Δεδομένα", "Sessions": "Συνεδρίες", "Path": "Διαδρομή",
    "Plan": "Πλάνο", "Text to read": "Κείμενο για ανάγνωση", "Inside the network": "Μέσα στο δίκτυο",
    "Part": "Μέρος", "Dialog": "Διάλογος", "Everywhere": "Παντού", "What a command says": "Τι λέει μια εντολή",
    "Palette": "Παλέτα",
    "ctrl+p finds every action and part by its name.": "Το ctrl+p βρίσκει κάθε ενέργεια και μέρος με το όνομά του.",
    "Go to this part.": "Μετάβαση σε αυτό το μέρος.",
    # What the panes are for
    "The sections of the report. What a section lacks is told below; enter goes to the first part that lacks it.":
        "Οι ενότητες της αναφοράς. Κάτω φαίνεται τι λείπει από την καθεμία· το enter πάει στο πρώτο μέρος που λείπει.",
    "What the section lacks; while the report is built, what is being done.":
        "Τι λείπει από την ενότητα· όσο φτιάχνεται η αναφορά, τι γίνεται.",
    "Runs beside each other. The first, or the pinned one, is what the others are compared with; + goes closer.":
        "Εκτελέσεις η μία δίπλα στην άλλη. Συγκρίνονται με την πρώτη ή την καρφιτσωμένη· το + πλησιάζει.",
    "This machine, read every two seconds: what is in use, what is free, and which run waits for which device.":
        "Αυτό το μηχάνημα, κάθε δύο δευτερόλεπτα: τι χρησιμοποιείται, τι είναι ελεύθερο, ποια εκτέλεση περιμένει πού.",
    "What the newest {} runs of the session have said. Each run's worker.log has everything it printed.":
        "Όσα είπαν οι {} νεότερες εκτελέσεις της συνεδρίας. Το worker.log κάθε εκτέλεσης έχει όσα τύπωσε.",
    "Arrows go from cell to cell; enter shows the clips counted there; + gives names more room.":
        "Τα βέλη πάνε από κελί σε κελί· το enter δείχνει τα δείγματα που μετρά· το + δίνει χώρο στα ονόματα.",
    "The clips behind a cell, with the probability that the model gave its answer. / finds one by its id.":
        "Τα δείγματα ενός κελιού, με την πιθανότητα που έδωσε το μοντέλο. Το / βρίσκει ένα με το id του.",
    "The figure of a result: + goes closer, arrows along it. v changes to a picture where the terminal shows them.":
        "Το διάγραμμα ενός αποτελέσματος: το + πλησιάζει, τα βέλη το διατρέχουν. Το v δείχνει εικόνα, όπου γίνεται.",
    "The report as text, as it would be built now. Figures are named where they will stand.":
        "Η αναφορά ως κείμενο, όπως θα φτιαχνόταν τώρα. Τα διαγράμματα αναφέρονται εκεί που θα μπουν.",
    "Settings say how the workbench behaves; a part's parameters are with the part (2). Changes count at once, or from "
    "when the lines below the list say.":
        "Οι ρυθμίσεις λένε πώς δουλεύει το workbench· οι παράμετροι ενός μέρους είναι με το μέρος (2). Οι αλλαγές "
        "ισχύουν αμέσως, ή από τότε που λένε οι γραμμές κάτω από τη λίστα.",
    "Type a part of a line; ↓ and ↑ go on to others that have it, enter stays there, esc goes back.":
        "Γράψτε κάτι από μια γραμμή· ↓ και ↑ πάνε σε άλλες που το έχουν, το enter μένει εκεί, το esc γυρίζει πίσω.",
    "What would run, in this order. Enter starts it; it goes on if you leave. esc closes without starting.":
        "Όσα θα εκτελούνταν, με αυτή τη σειρά. Το enter τα ξεκινά και συνεχίζουν αν φύγετε. Το esc κλείνει.",
    "Type a part of a name: of an action, a part or a command. ↑ and ↓ choose, enter does it, esc closes.":
        "Γράψτε κάτι από ένα όνομα ενέργειας, μέρους ή εντολής. Τα ↑ ↓ επιλέγουν, το enter εκτελεί, το esc κλείνει.",
    "What the command says; esc stops it while it goes on, and closes. A run that it has started goes on.":
        "Τι λέει η εντολή· το esc τη διακόπτει όσο συνεχίζεται, και κλείνει. Μια εκτέλεση που ξεκίνησε συνεχίζεται.",
    "A digit goes through the network: 0 to 9 take a held-out digit, again the next one of it. Arrows move the "
    "pen, space puts it down and lifts it. Bright cells are large values, on one scale for a layer.":
        "Ένα ψηφίο περνά από το δίκτυο: 0 έως 9 φέρνουν ένα κρατημένο ψηφίο, ξανά το επόμενο. Τα βέλη κινούν τη "
        "γραφίδα, το space την κατεβάζει και τη σηκώνει. Φωτεινά κελιά είναι μεγάλες τιμές, μία κλίμακα ανά επίπεδο.",
    "Letters and dots are tracks; the letter says the class. Arrows pick the next one, + and - go closer and farther, "
    "enter shows what it sounds.":
        "Τα γράμματα και οι τελείες είναι κομμάτια· το γράμμα λέει την κλάση. Τα βέλη επιλέγουν το επόμενο, + και - "
        "πάνε πιο κοντά και πιο μακριά, το enter δείχνει πώς ακούγεται.",
    "Fill in the fields; enter takes them, esc closes without a change.":
        "Συμπληρώστε τα πεδία· το enter τα δέχεται, το esc κλείνει χωρίς αλλαγή.",
    "The demo set is composed and analysed here, once; it goes on without this screen, and esc leaves off.":
        "Το σύνολο επίδειξης φτιάχνεται εδώ, μία φορά· συνεχίζεται χωρίς αυτή την οθόνη, το esc το διακόπτει.",
    "Write the answer. It is saved a second after the last change, and when you leave with esc.":
        "Γράψτε την απάντηση. Αποθηκεύεται ένα δευτερόλεπτο μετά την τελευταία αλλαγή, και όταν βγείτε με esc.",
    "The saved sessions. A session holds settings, runs and answers in a folder of plain files.":
        "Οι αποθηκευμένες συνεδρίες. Μια συνεδρία κρατά ρυθμίσεις, εκτελέσεις και απαντήσεις σε φάκελο απλών αρχείων.",
    "All messages of the run. The file worker.log in its folder has everything that it printed.":
        "Όλα τα μηνύματα της εκτέλεσης. Το αρχείο worker.log στον φάκελό της έχει όσα τύπωσε.",
    "The part's settings. Changed ones carry a star; the next run takes them. They are kept with the session.":
        "Οι ρυθμίσεις του μέρους. Όσες άλλαξαν έχουν αστερίσκο· τις παίρνει η επόμενη εκτέλεση. Μένουν στη συνεδρία.",
    "Type a value and press enter, or esc to leave it as it was. For choices, ↑ and ↓ go through them.":
        "Γράψτε μια τιμή και enter, ή esc για να μείνει όπως ήταν. Τα ↑ και ↓ περνούν από τις επιλογές.",
    "What the part is, what it needs and whether that is there, and the key to press next.":
        "Τι είναι το μέρος, τι χρειάζεται και αν υπάρχει, και το πλήκτρο που ακολουθεί.",
    "Every run of this part. Space marks runs, of other parts too; c compares what is marked.":
        "Κάθε εκτέλεση αυτού του μέρους. Το space σημειώνει, και άλλων μερών· το c συγκρίνει τις σημειωμένες.",
    "Values with 95 % intervals, then tables and figures: tab goes through them, f gives them the whole width.":
        "Τιμές με διαστήματα 95 %, μετά πίνακες και διαγράμματα: το tab τα περνά, το f τους δίνει όλο το πλάτος.",
    "The lab's steps. Enter opens a step and then goes to the part's panel; esc comes back here.":
        "Τα βήματα του εργαστηρίου. Το enter ανοίγει ένα βήμα και πάει στο πλαίσιο του μέρους· το esc γυρίζει εδώ.",
    "The run: curves over the epochs, where it stands, and its last messages. It goes on without this screen.":
        "Η εκτέλεση: καμπύλες ανά εποχή, πού βρίσκεται, και τα τελευταία μηνύματα. Συνεχίζεται χωρίς αυτή την οθόνη.",
    "The question, what your runs say about it, and o for a reference note. Enter writes the answer.":
        "Η ερώτηση, τι λένε γι’ αυτήν οι εκτελέσεις σας, και o για σημείωση αναφοράς. Με enter γράφετε την απάντηση.",
}  # fmt: skip
