"""What the app says beside its panes in Greek: notices, dialogs, ends of runs, what figures say of themselves."""

from __future__ import annotations

PHRASES = {
    # Ends of runs
    "{} interrupted.": "Το {} διακόπηκε.", "{} failed.": "Το {} απέτυχε.", "{} paused.": "Το {} είναι σε παύση.",
    # What is not there yet
    "Nothing has run here yet.": "Τίποτα δεν έχει εκτελεστεί εδώ.",
    "Nothing has run here yet. {} waits for its turn. Press 3 to follow it.":
        "Τίποτα δεν έχει εκτελεστεί εδώ. Το {} περιμένει τη σειρά του. Πατήστε 3 για να το παρακολουθήσετε.",
    "Nothing has run here yet. {} goes on now. Press 3 to follow it.":
        "Τίποτα δεν έχει εκτελεστεί εδώ. Το {} εκτελείται τώρα. Πατήστε 3 για να το παρακολουθήσετε.",
    "Nothing has run here yet. {} is not built yet in this version.":
        "Τίποτα δεν έχει εκτελεστεί εδώ. Το {} δεν υπάρχει ακόμη σε αυτή την έκδοση.",
    "There is no result yet.": "Δεν υπάρχει αποτέλεσμα ακόμη.",
    "There is no result yet. {} waits for its turn. Press 3 to follow it.":
        "Δεν υπάρχει αποτέλεσμα ακόμη. Το {} περιμένει τη σειρά του. Πατήστε 3 για να το παρακολουθήσετε.",
    "There is no result yet. {} goes on now. Press 3 to follow it.":
        "Δεν υπάρχει αποτέλεσμα ακόμη. Το {} εκτελείται τώρα. Πατήστε 3 για να το παρακολουθήσετε.",
    "There is no result yet. {} is not built yet in this version.":
        "Δεν υπάρχει αποτέλεσμα ακόμη. Το {} δεν υπάρχει ακόμη σε αυτή την έκδοση.",
    "There are no messages yet.": "Δεν υπάρχουν μηνύματα ακόμη.",
    "There are no messages yet. {} waits for its turn. Press 3 to follow it.":
        "Δεν υπάρχουν μηνύματα ακόμη. Το {} περιμένει τη σειρά του. Πατήστε 3 για να το παρακολουθήσετε.",
    "There are no messages yet. {} goes on now. Press 3 to follow it.":
        "Δεν υπάρχουν μηνύματα ακόμη. Το {} εκτελείται τώρα. Πατήστε 3 για να το παρακολουθήσετε.",
    "There are no messages yet. {} is not built yet in this version.":
        "Δεν υπάρχουν μηνύματα ακόμη. Το {} δεν υπάρχει ακόμη σε αυτή την έκδοση.",
    "There are no runs yet.": "Δεν υπάρχουν εκτελέσεις ακόμη.",
    "There are no runs yet. {} waits for its turn. Press 3 to follow it.":
        "Δεν υπάρχουν εκτελέσεις ακόμη. Το {} περιμένει τη σειρά του. Πατήστε 3 για να το παρακολουθήσετε.",
    "There are no runs yet. {} goes on now. Press 3 to follow it.":
        "Δεν υπάρχουν εκτελέσεις ακόμη. Το {} εκτελείται τώρα. Πατήστε 3 για να το παρακολουθήσετε.",
    "There are no runs yet. {} is not built yet in this version.":
        "Δεν υπάρχουν εκτελέσεις ακόμη. Το {} δεν υπάρχει ακόμη σε αυτή την έκδοση.",
    "only {=}": "μόνο {}",
    "ended without a word (killed, or power lost)": "τελείωσε χωρίς λέξη (σκοτώθηκε, ή κόπηκε το ρεύμα)",
    "{=}; r resumes it": "{}· το r τη συνεχίζει", "asked: {}": "ζητήθηκε: {}",
    "It failed without a message.": "Απέτυχε χωρίς μήνυμα.",
    "What was saved is whole. Press r to try again; 5 shows the whole log.":
        "Ό,τι αποθηκεύτηκε είναι ακέραιο. Πατήστε r για νέα προσπάθεια· το 5 δείχνει όλα τα μηνύματα.",
    "No checkpoint was saved. Press r to try again; 5 shows the whole log.":
        "Δεν αποθηκεύτηκε checkpoint. Πατήστε r για νέα προσπάθεια· το 5 δείχνει όλα τα μηνύματα.",
    "saved {} · p lets it go on": "αποθηκεύτηκε {} · το p τη συνεχίζει", "p lets it go on": "το p τη συνεχίζει",
    "Output of the worker:": "Έξοδος της διεργασίας:", "worker.log is in {=}": "το worker.log είναι στο {}",
    # Live lines
    "train accuracy {}": "accuracy train {}", "val accuracy {}": "accuracy val {}",
    "train macro-F1 {}": "macro-F1 train {}", "val macro-F1 {}": "macro-F1 val {}",
    "train F1 {}": "F1 train {}", "val F1 {}": "F1 val {}",
    "train spearman {}": "Spearman train {}", "val spearman {}": "Spearman val {}",
    # Runs of the list
    "It is in the trash of the session; u takes it back.": "Είναι στον κάδο της συνεδρίας· το u τη φέρνει πίσω.",
    "The run is back.": "Η εκτέλεση επανήλθε.", "No run is marked.": "Καμία εκτέλεση δεν είναι σημειωμένη.",
    "1 run marked; c compares.": "1 σημειωμένη εκτέλεση· το c συγκρίνει.",
    "{} runs marked; c compares.": "{} σημειωμένες εκτελέσεις· το c συγκρίνει.",
    "It is the baseline now; others are compared with it.": "Είναι τώρα η αναφορά· οι άλλες συγκρίνονται με αυτήν.",
    "It is no baseline any more.": "Δεν είναι πια αναφορά.",
    "Note on a run of {}": "Σημείωση σε εκτέλεση του {}", "Tags of a run of {}": "Ετικέτες εκτέλεσης του {}",
    "in your own words; empty takes it away": "με δικά σας λόγια· κενό την αφαιρεί",
    "as it stood when the app ended; empty takes the note away":
        "όπως έμεινε όταν έκλεισε η εφαρμογή· κενό αφαιρεί τη σημείωση",
    "short words, with commas between them": "σύντομες λέξεις, με κόμματα ανάμεσα",
    # Dialogs
    "the folder that holds fma_genre_spectrograms and its sisters":
        "ο φάκελος που περιέχει το fma_genre_spectrograms και τα αδέλφια του",
    "now {}; the schedule goes on below the new peak": "τώρα {}· το πρόγραμμα συνεχίζεται κάτω από τη νέα κορυφή",
    "{} builds on parts without a result": "Το {} στηρίζεται σε μέρη χωρίς αποτέλεσμα",
    "The demo set: synthetic music, composed and analysed here, once.":
        "Το σύνολο επίδειξης: συνθετική μουσική, που συντίθεται και αναλύεται εδώ, μία φορά.",
    "The demo set is not built. The pieces that are made are kept, and d goes on from there.":
        "Το demo set δεν φτιάχτηκε. Τα κομμάτια που έγιναν μένουν, και το d συνεχίζει από εκεί.",
    "The import was stopped; nothing of it is left.": "Η εισαγωγή διακόπηκε· δεν έμεινε τίποτα από αυτήν.",
    "Stopping; what is half made is taken away …": "Διακοπή· ό,τι έγινε μισό αφαιρείται …",
    "Stopped: {=}. It left nothing half made.": "Διακόπηκε: {}. Δεν άφησε τίποτα μισό.",
    "The building of the report was stopped; nothing half made is left of it.":
        "Η δημιουργία της αναφοράς διακόπηκε· δεν έμεινε τίποτα μισό.",
    "stop building": "διακοπή δημιουργίας",
    "{}: it cannot be stopped, and goes on in the background.":
        "{}: δεν μπορεί να διακοπεί, και συνεχίζεται στο παρασκήνιο.",
    "{}: done.": "{}: έγινε.",
    "What was pasted has more lines than there are fields; those beyond are left out.":
        "Όσα επικολλήθηκαν έχουν περισσότερες γραμμές από τα πεδία· οι επιπλέον έμειναν έξω.",
    "The demo set was not built (code {}). Press esc; d tries again.":
        "Το σύνολο επίδειξης δεν φτιάχτηκε (κωδικός {}). Πατήστε esc· το d ξαναπροσπαθεί.",
    "ended with code {}": "τελείωσε με κωδικό {}", "Building the {} …": "Δημιουργία: {} …",
    "Search for commands …": "Αναζήτηση εντολών …", "Nothing of this name.": "Τίποτα με αυτό το όνομα.",
    # What a run has said, in columns of no table
    "training ended after epoch {} of {}: {}": "η εκπαίδευση τελείωσε μετά την εποχή {} από {}: {}",
    "all epochs done": "ολοκληρώθηκαν όλες οι εποχές", "target loss reached": "το σφάλμα έφτασε τον στόχο",
    "no better {} on the validation set for {} epochs": "κανένα καλύτερο {} στο validation για {} εποχές",
    # Notices
    "No shell could bring the app back here; q leaves, and runs go on.":
        "Κανένα κέλυφος δεν θα έφερνε την εφαρμογή πίσω· το q βγαίνει, και οι εκτελέσεις συνεχίζονται.",
    "The cell counts {} clips and the run has kept {} of that kind: this matrix is not of the run's own test alone.":
        "Το κελί μετρά {} δείγματα και η εκτέλεση κράτησε {} τέτοια: ο πίνακας δεν είναι μόνο του δικού της test.",
    "Evidence of {} cannot be read: {}": "Οι μετρήσεις του {} δεν διαβάζονται: {}",
    "The figures of {} cannot be drawn: {}": "Τα διαγράμματα του {} δεν σχεδιάζονται: {}",
    "{} is too small. Make the terminal {} or larger. q leaves.":
        "{} δεν αρκεί. Κάντε το τερματικό {} ή μεγαλύτερο. Το q βγαίνει.",
    "The list ended at {}; 1 of its parts was not run: {}. Asked for again, it goes on with what is left.":
        "Η λίστα τελείωσε στο {}· 1 μέρος της δεν εκτελέστηκε: {}. Αν ζητηθεί ξανά, συνεχίζει με ό,τι μένει.",
    "The list ended at {}; {} of its parts were not run: {}. Asked for again, it goes on with what is left.":
        "Η λίστα τελείωσε στο {}· {} μέρη της δεν εκτελέστηκαν: {}. Αν ζητηθεί ξανά, συνεχίζει με ό,τι μένει.",
    # Answers
    "! Changed elsewhere; nothing is overwritten. ctrl+t takes theirs, ctrl+o keeps yours.":
        "! Άλλαξε αλλού· τίποτα δεν χάθηκε. Το ctrl+t παίρνει το άλλο κείμενο, το ctrl+o κρατά το δικό σας.",
    "! Not saved: {}": "! Δεν αποθηκεύτηκε: {}",
    "Your answer to {} is not saved. {}": "Η απάντησή σας στο {} δεν αποθηκεύτηκε. {}",
    "It was changed elsewhere while you wrote.": "Άλλαξε αλλού ενώ γράφατε.",
    "it was changed elsewhere meanwhile": "άλλαξε αλλού στο μεταξύ",
    "! A text that found no place is in {=} (delete it when done)":
        "! Κείμενο που δεν βρήκε θέση είναι στο {} (σβήστε το όταν τελειώσετε)",
    "Your answer to {} could not be saved: {}": "Η απάντησή σας στο {} δεν αποθηκεύτηκε: {}",
    "Your answer to {} is in {=}: {}": "Η απάντησή σας στο {} είναι στο {}: {}",
    "The changed parameters could not be kept: {}": "Οι αλλαγμένες ρυθμίσεις δεν αποθηκεύτηκαν: {}",
    # On the way out
    "{} goes on in session {=}; python -m workbench to see it":
        "{}: συνεχίζεται στη συνεδρία {}· python -m workbench για να τη δείτε",
    "{} go on in session {=}; python -m workbench to see it":
        "{}: συνεχίζονται στη συνεδρία {}· python -m workbench για να τις δείτε",
    # The network from inside
    "Reading what the run has kept …": "Διαβάζεται ό,τι κράτησε η εκτέλεση …",
    "{} is {}: the layers show here as soon as the first epoch is there.":
        "{}: {}. Τα επίπεδα φαίνονται εδώ μόλις υπάρξει η πρώτη εποχή.",
    "There is no trained network to look into yet.": "Δεν υπάρχει ακόμη εκπαιδευμένο δίκτυο.",
    "The last run of {} {}; press esc to see why.": "Η τελευταία εκτέλεση του {}: {}. Πατήστε esc για την αιτία.",
    "Press r to train it. That takes about a minute, and can be watched here epoch by epoch.":
        "Πατήστε r για εκπαίδευση. Διαρκεί περίπου ένα λεπτό, και φαίνεται εδώ εποχή προς εποχή.",
    "Make the terminal {} or larger to look inside; esc goes back.":
        "Κάντε το τερματικό {} ή μεγαλύτερο για να δείτε μέσα· το esc γυρίζει πίσω.",
    "It is finished. Press 4 for the result, i to look inside the network, R to run it again.":
        "Είναι έτοιμο. Πατήστε 4 για το αποτέλεσμα, i για το εσωτερικό του δικτύου, R για νέα εκτέλεση.",
    "It asks for a written answer; answering in the workbench comes in a later version.":
        "Ζητά γραπτή απάντηση· η απάντηση μέσα στην εφαρμογή έρχεται σε επόμενη έκδοση.",
    # Plain lines
    "detach or ctrl+c leaves, and the run goes on; status, stop, pause and the like are answered at once.":
        "detach ή ctrl+c: αφήνετε την εκτέλεση, που συνεχίζεται· status, stop, pause και τα όμοια απαντιούνται αμέσως.",
    "A run is followed here; detach leaves it, and then {} can be typed.":
        "Εδώ παρακολουθείτε μια εκτέλεση· το detach την αφήνει, και μετά μπορείτε να γράψετε {}.",
    "No run is followed here; run ID or follow does.": "Εδώ δεν παρακολουθείτε εκτέλεση· το κάνει run ID ή follow.",
    "ctrl+c leaves, and the run goes on; a command that is typed now is answered when it has ended.":
        "ctrl+c: αφήνετε την εκτέλεση, που συνεχίζεται· εντολή που γράφετε τώρα απαντιέται όταν τελειώσει.",
    "ctrl+c saves the run and stops it; a command that is typed now is answered when it has ended.":
        "ctrl+c: αποθηκεύει και σταματά την εκτέλεση· εντολή που γράφετε τώρα απαντιέται όταν τελειώσει.",
    # Parameters
    "{} has no settings.": "Το {} δεν έχει ρυθμίσεις.", "; does not change the result": "· δεν αλλάζει το αποτέλεσμα",
    "digits": "ψηφία", "batches": "batch", "steps": "βήματα", "epochs": "εποχές", "frames": "πλαίσια", "bands": "ζώνες",
    # What figures say of themselves
    "rows {} of {}": "γραμμές {} από {}", "columns {} of {}": "στήλες {} από {}",
    "cells: {} · {}": "κελιά: {} · {}", "% of row": "% της γραμμής", "[diagonal]: right": "[διαγώνιος]: σωστά",
    "shade: share of row": "σκιά: μερίδιο γραμμής", "not shown: {}": "δεν φαίνονται: {}",
    "{} not above 0, not drawn": "{} όχι πάνω από 0, δεν σχεδιάστηκαν",
    "{=}: too little space to draw; {} columns and {} rows are needed":
        "{}: λίγος χώρος· χρειάζονται {} στήλες και {} γραμμές",
    "{=}: nothing to draw, there are no values yet": "{}: τίποτα να σχεδιαστεί, δεν υπάρχουν ακόμη τιμές",
    "turned {}°, tilted {}°": "στροφή {}°, κλίση {}°",
    "Not shown, for want of space: {=}.": "Δεν φαίνονται, λόγω χώρου: {}.", "No rows.": "Καμία γραμμή.",
    "yes": "ναι",
}  # fmt: skip
