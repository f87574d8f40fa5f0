"""The app's own words in Greek, by one table; the words of the lab are in its catalogue and in `labsteps.greek`."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import or_

from labsteps.greek import Phrases
from workbench import greek_keys, greek_looks, greek_notices, greek_screens, greek_spoken, greek_start

PHRASES = {
    # States
    "finished": "έτοιμο", "running": "εκτελείται", "queued": "σε αναμονή", "paused": "σε παύση",
    "failed": "απέτυχε", "interrupted": "διακόπηκε", "waiting": "σε αναμονή", "not started": "δεν άρχισε",
    "not built yet": "δεν υπάρχει ακόμη", "answered": "απαντήθηκε", "not answered": "χωρίς απάντηση",
    "to answer": "για απάντηση", "{} to answer": "ερωτήσεις: {}", "{} of {} finished": "{} από {} έτοιμα",
    "1 run finished": "1 έτοιμη εκτέλεση", "{} runs finished": "{} έτοιμες εκτελέσεις",
    # What the commands print
    "Step {}": "Βήμα {}",
    "{} finished in {}": "{} έτοιμο σε {}", "{}, {} an epoch": "{}, {} ανά εποχή", "run {}": "εκτέλεση {}",
    "changed while it ran: {}": "άλλαξαν στην πορεία: {}", "figures as PNG in {}": "διαγράμματα PNG στο {}",
    "undefined: {}": "δεν ορίζεται: {}", "view": "προβολή", "question": "ερώτηση",
    "{}, answered": "{}, απαντήθηκε", "{}, not answered": "{}, χωρίς απάντηση",
    "Reference note (it does not count as your answer)": "Σημείωση αναφοράς (δεν μετρά ως απάντησή σας)",
    "No answer yet. Enter begins to write.": "Δεν υπάρχει απάντηση ακόμη. Με enter αρχίζετε να γράφετε.",
    "Write the answer here; it is saved by itself.": "Γράψτε την απάντηση εδώ· αποθηκεύεται μόνη της.",
    "Your answer": "Η απάντησή σας", "1 word": "1 λέξη", "{} words": "{} λέξεις", "saved": "αποθηκεύτηκε",
    "not saved yet": "δεν αποθηκεύτηκε ακόμη", "nothing saved": "τίποτα ακόμη",
    "The whole lab": "Όλο το εργαστήριο", "left out": "εκτός", "{} to run": "{} για εκτέλεση",
    "{} reused": "{} έτοιμα", "{} left out": "{} εκτός", "about {}": "περίπου {}", "no estimate": "χωρίς εκτίμηση",
    "{} by earlier runs": "{} κατά τις προηγούμενες εκτελέσεις", "{} by rough guess": "{} κατά προσέγγιση",
    "{} by earlier runs of its step": "{} κατά τις προηγούμενες εκτελέσεις του βήματος",
    "by earlier runs": "κατά τις προηγούμενες εκτελέσεις", "by rough guess": "κατά προσέγγιση",
    "by earlier runs of its step": "κατά τις προηγούμενες εκτελέσεις του βήματος",
    "at most {}": "το πολύ {}", "begins in about {}": "αρχίζει σε περίπου {}",
    "by what it has done": "κατά όσα έχει κάνει", "{} by what it has done": "{} κατά όσα έχει κάνει",
    "from what it has done so far": "από όσα έχει κάνει ως τώρα",
    "a part that trains nothing": "μέρος χωρίς εκπαίδευση", "no run to go by": "καμία εκτέλεση για βάση",
    "from run {=} of today": "από την εκτέλεση {}, σήμερα", "from run {=} of yesterday": "από την εκτέλεση {}, χθες",
    "from run {=} of {=}": "από την εκτέλεση {}, {}",
    "no estimate: run {=} of today had {=} {=}": "χωρίς εκτίμηση: η εκτέλεση {}, σήμερα, είχε {} {}",
    "no estimate: run {=} of yesterday had {=} {=}": "χωρίς εκτίμηση: η εκτέλεση {}, χθες, είχε {} {}",
    "no estimate: run {=} of {=} had {=} {=}": "χωρίς εκτίμηση: η εκτέλεση {}, {}, είχε {} {}",
    "{} cannot be estimated yet, the other about {}": "{} χωρίς εκτίμηση ακόμη, το άλλο περίπου {}",
    "{} cannot be estimated yet, the others about {}": "{} χωρίς εκτίμηση ακόμη, τα άλλα περίπου {}",
    "A text that found no place is in {} (delete it when done)":
        "Ένα κείμενο που δεν βρήκε θέση είναι στο {} (σβήστε το όταν τελειώσετε)",
    "No answer yet. Write it with: {}": "Δεν υπάρχει απάντηση ακόμη. Γράψτε την με: {}",
    "Evidence of {}, {}: none yet ({})": "Μετρήσεις του {}, {}: καμία ακόμη ({})",
    "Evidence of {}, {}, run {}": "Μετρήσεις του {}, {}, εκτέλεση {}",
    "not built yet in this version": "δεν υπάρχει ακόμη σε αυτή την έκδοση",
    "(of other data than those the session has now)": "(από άλλα δεδομένα από αυτά που έχει τώρα η συνεδρία)",
    "{}: drawn by `{}`": "{}: σχεδιάζονται με `{}`",
    # Tabs
    "Brief": "Θέμα", "Parameters": "Ρυθμίσεις", "Run": "Πορεία", "Result": "Τιμές", "Answer": "Απάντηση",
    "Runs": "Λίστα",
    # Keys
    "help": "βοήθεια", "leave": "έξοδος", "run": "εκτέλεση", "stop": "διακοπή", "pause": "παύση",
    "continue": "συνέχεια", "full screen": "όλη η οθόνη", "both panes": "δύο στήλες", "open": "άνοιγμα",
    "next": "επόμενο", "percent": "ποσοστά", "counts": "πλήθη", "clips": "δείγματα", "copy path": "αντιγραφή θέσης",
    "write": "γράψιμο", "note": "σημείωση", "hide note": "χωρίς σημείωση", "done": "τέλος",
    "take theirs": "το άλλο κείμενο", "keep mine": "το δικό μου", "change": "αλλαγή", "default": "προεπιλογή",
    "all defaults": "όλες οι προεπιλογές", "learning rate": "ρυθμός μάθησης", "save": "αποθήκευση",
    "scores": "τιμές", "loss": "σφάλμα", "take": "αποδοχή", "keep as it was": "όπως ήταν", "choices": "επιλογές",
    "new": "νέα", "demo set": "σύνολο επίδειξης", "cancel": "άκυρο", "close": "κλείσιμο", "fold": "κλείσιμο",
    "sessions": "συνεδρίες",
    # Maps of tracks
    "tracks": "κομμάτια", "spectrogram": "φασματογράφημα", "map": "χάρτης", "closer": "πιο κοντά",
    "farther": "πιο μακριά", "next map": "επόμενος χάρτης", "one class": "μία κλάση", "turn": "στροφή",
    "tilt": "κλίση", "whole": "ολόκληρος", "whole figure": "όλο το διάγραμμα", "find": "εύρεση", "back": "πίσω",
    "Arrows pick a track.": "Τα βέλη επιλέγουν κομμάτι.", "track {=} · {=}": "κομμάτι {} · {}",
    "{} says {}": "{}: λέει {}",
    "nearest here: {} · map {} of {}{}": "κοντινότερα εδώ: {} · χάρτης {} από {}{}",
    "map {} of {}{}": "χάρτης {} από {}{}", "reading the spectrogram": "διαβάζεται το φασματογράφημα",
    "Find a track": "Εύρεση κομματιού",
    "mark": "σημάδι", "compare": "σύγκριση", "baseline": "αναφορά", "unpin": "χωρίς αναφορά", "delete": "σβήσιμο",
    "next curve": "άλλη καμπύλη",
    "smooth": "εξομάλυνση", "as measured": "όπως μετρήθηκε", "log axis": "λογαριθμικός", "linear axis": "γραμμικός",
    "rate curve": "ρυθμός", "gradient": "κλίση", "epoch time": "χρόνος εποχής", "clips behind": "δείγματα",
    "axis losses": "σφάλματα αξόνων",
    "look inside": "μέσα στο δίκτυο", "train": "εκπαίδευση", "digit": "ψηφίο", "pen": "γραφίδα", "layer": "επίπεδο",
    "epoch": "εποχή", "start": "εκκίνηση",
    "stay here": "παραμονή", "find:": "εύρεση:", "not there:": "δεν υπάρχει:",
    "next choice": "άλλη τιμή", "take out": "αφαίρεση", "session's": "της συνεδρίας", "mine": "δικές μου",
    "warnings": "προειδοποιήσεις", "all messages": "όλα", "build": "δημιουργία", "web page": "ιστοσελίδα",
    "check": "έλεγχος", "go there": "μετάβαση",
    # The machine
    "processor": "επεξεργ.", "memory": "μνήμη", "queue": "ουρά", "cache": "πρόχειρα",
    "state": "κατάσταση", "{} of {} in use": "{} από {} σε χρήση", "computes": "υπολογίζει", "then": "μετά",
    "nothing runs": "τίποτα δεν τρέχει", "Looking at the machine …": "Ανάγνωση του μηχανήματος …",
    "none that the driver shows; runs use the processor": "καμία που δείχνει ο driver· χρησιμοποιείται ο επεξεργαστής",
    # Settings
    "takes": "παίρνει", "in force": "ισχύει", "behind it": "πίσω της",
    "written to": "γράφεται σε",
    "command line": "γραμμή εντολών", "environment": "περιβάλλον", "session": "συνεδρία", "user": "χρήστης",
    "the session's own settings": "οι ρυθμίσεις της συνεδρίας",
    "effective": "αλλάζει", "when the workbench starts next": "στην επόμενη εκκίνηση",
    "for sessions made from now on": "για τις συνεδρίες που θα δημιουργηθούν",
    "for runs that end from now on": "για τις εκτελέσεις που θα τελειώσουν",
    "for commands; the app does it anyway": "για τις εντολές· η εφαρμογή το κάνει έτσι κι αλλιώς", "a folder": "φάκελο",
    "{=} is written, but the session has its own, which counts here; s changes that one.":
        "Το {} γράφτηκε, αλλά εδώ ισχύει η ρύθμιση της συνεδρίας· το s αλλάζει εκείνη.",
    "{=} is written, and counts without {=}, which goes before it.":
        "Το {} γράφτηκε, και θα ισχύσει χωρίς το {}, που προηγείται.",
    # Clips behind a cell
    "{=} of {=}, taken for {=}": "{} του είδους {}, ως {}",
    "No clip is counted there.": "Κανένα δείγμα δεν μετριέται εκεί.",
    "it is {=} ({=}), taken for {=} ({=})": "είναι {} ({}), το μοντέλο είπε {} ({})",
    "Reading the clip …": "Ανάγνωση …",
    "This session has no data folder, so the clip cannot be read; d in the lab chooses one.":
        "Η συνεδρία δεν έχει φάκελο δεδομένων, οπότε το δείγμα δεν διαβάζεται· το d στο εργαστήριο επιλέγει έναν.",
    "{} is no id of a track, so there is no file to read.":
        "Το {} δεν είναι αριθμός κομματιού, οπότε δεν υπάρχει αρχείο να διαβαστεί.",
    # Log and report
    "Without this curve: {}.": "Χωρίς αυτή την καμπύλη: {}.",
    "No run has warned or failed.": "Καμία εκτέλεση δεν προειδοποίησε ούτε απέτυχε.",
    "No run has said anything yet. Press esc, and r at a part to run it.":
        "Καμία εκτέλεση δεν έχει πει κάτι ακόμη. Πατήστε esc, και r σε ένα μέρος για να το εκτελέσετε.",
    "Checking what the report lacks …": "Έλεγχος για όσα λείπουν από την αναφορά …", "nothing missing": "πλήρες",
    "{} missing or doubtful": "λείπουν ή θέλουν προσοχή: {}", "not run": "δεν εκτελέστηκε",
    "no font": "χωρίς γραμματοσειρά",
    "overfit check failed": "απέτυχε ο έλεγχος υπερεκπαίδευσης", "other data": "άλλα δεδομένα",
    "built on an older run": "στηρίζεται σε παλιότερη εκτέλεση", "other split": "άλλος διαχωρισμός",
    "part of the data": "μέρος των δεδομένων", "single seed": "ένα μόνο seed",
    "Nothing is missing here. p shows the text, b builds the report.":
        "Δεν λείπει τίποτα εδώ. Το p δείχνει το κείμενο, το b φτιάχνει την αναφορά.",
    "Reading what the session holds …": "Διαβάζονται τα περιεχόμενα της συνεδρίας …",
    "preview": "κείμενο", "next section": "επόμενη ενότητα", "before": "προηγούμενη", "read again": "ανανέωση",
    "Building the PDF …": "Δημιουργία του PDF …", "Building the web page …": "Δημιουργία της ιστοσελίδας …",
    # Runs
    "tags": "ετικέτες", "pinned": "αναφορά", "pinned baseline": "σταθερή αναφορά",
    "others are compared with it; it is not deleted": "οι άλλες συγκρίνονται με αυτήν· δεν διαγράφεται",
    "There are no runs yet. Press r to run {} (enter in this panel too).":
        "Δεν υπάρχουν εκτελέσεις ακόμη. Πατήστε r για εκτέλεση του {} (ή enter εδώ).",
    "There are no runs yet. Press r to run {} (enter in this panel too), or 2 to change its settings first.":
        "Δεν υπάρχουν εκτελέσεις ακόμη. Πατήστε r για εκτέλεση του {} (ή enter εδώ), ή 2 για αλλαγή ρυθμίσεων πρώτα.",
    "Reading the runs …": "Διαβάζονται οι εκτελέσεις …", "Testing …": "Γίνεται ο έλεγχος …", "{}: none": "{}: κανένα",
    "{} against {}, on the test tracks that both have": "{} και {}, στα κομμάτια του test set που έχουν και οι δύο",
    # What a part is
    "kind": "είδος", "data": "δεδομένα", "reports": "αναφέρει", "settings": "ρυθμίσεις", "needs": "χρειάζεται",
    "shows": "δείχνει", "runs": "εκτελεί", "asks": "ρωτά", "there": "υπάρχει", "missing": "λείπει",
    "{}, all at their defaults (press 2)": "{}, όλες στην προεπιλογή (πατήστε 2)",
    "{}, {} changed (press 2)": "{}, {} αλλαγμένες (πατήστε 2)",
    "{}, for a new run all at their defaults (press 2)": "{}, για νέα εκτέλεση όλες στην προεπιλογή (πατήστε 2)",
    "{}, for a new run {} changed (press 2)": "{}, για νέα εκτέλεση {} αλλαγμένες (πατήστε 2)",
    "It is finished. Press 4 for the result, R to run it again.":
        "Είναι έτοιμο. Πατήστε 4 για το αποτέλεσμα, R για νέα εκτέλεση.",
    "Press r to run it (enter in this panel too), or 2 to change its settings first.":
        "Πατήστε r για εκτέλεση (ή enter εδώ), ή 2 για αλλαγή ρυθμίσεων πρώτα.",
    "Press r to run it (enter in this panel too).": "Πατήστε r για εκτέλεση (ή enter εδώ).",
    "Any part can be the first: / finds one by its number or title, as /7.1 does the CNN.":
        "Μπορείτε να αρχίσετε από όποιο μέρος θέλετε: το / βρίσκει μέρος με αριθμό ή τίτλο, π.χ. /7.1 για το CNN.",
    "Go down to one of its parts.": "Κατεβείτε σε ένα από τα μέρη του.", "tabs": "καρτέλες", "panel": "πλαίσιο",
    "Reading where it stands in the session.": "Διαβάζεται πού βρίσκεται στη συνεδρία.",
    "reading the session": "διαβάζεται η συνεδρία", "The session is being read.": "Διαβάζεται η συνεδρία.",
    "It waits for its turn on the device. Press 3 to follow it.":
        "Περιμένει τη σειρά της στη συσκευή. Πατήστε 3 για να την παρακολουθήσετε.",
    "It is paused. Press p to let it go on, 3 to follow it.":
        "Είναι σε παύση. Πατήστε p για να συνεχίσει, 3 για να την παρακολουθήσετε.",
    "It goes on now. Press 3 to follow it.": "Εκτελείται τώρα. Πατήστε 3 για να την παρακολουθήσετε.",
    "It failed. Press 3 to see why, r to try again.": "Απέτυχε. Πατήστε 3 για την αιτία, r για νέα προσπάθεια.",
    "It was interrupted. Press r to resume it where it was saved.":
        "Διακόπηκε. Πατήστε r για συνέχεια από εκεί που αποθηκεύτηκε.",
    "It was interrupted after {}. Press r to resume it where it was saved.":
        "Διακόπηκε μετά από {}. Πατήστε r για συνέχεια από εκεί που αποθηκεύτηκε.",
    "It waits to be started. Press r to start it.": "Περιμένει να αρχίσει. Πατήστε r για εκκίνηση.",
    "It is answered. Press 6 to read or change your answer.":
        "Έχει απαντηθεί. Πατήστε 6 για να διαβάσετε ή να αλλάξετε την απάντησή σας.",
    "It asks for a written answer. Press 6 to answer.": "Ζητά γραπτή απάντηση. Πατήστε 6 για να απαντήσετε.",
    "It asks for a written answer. Press 6 to answer. {} would give evidence for it.":
        "Ζητά γραπτή απάντηση. Πατήστε 6 για να απαντήσετε. Μετρήσεις για αυτήν θα έδινε: {}.",
    "This part is not built yet: this version describes it and cannot run it.":
        "Αυτό το μέρος δεν υπάρχει ακόμη: αυτή η έκδοση το περιγράφει και δεν μπορεί να το εκτελέσει.",
    "No part of this step is built yet in this version.": "Κανένα μέρος αυτού του βήματος δεν υπάρχει ακόμη.",
    "no data yet: press d": "χωρίς δεδομένα: πατήστε d",
    "There is no data yet. Press d to choose a folder, or F2 for a session on the demo set.":
        "Δεν υπάρχουν δεδομένα ακόμη. Πατήστε d για επιλογή φακέλου, ή F2 για συνεδρία στο σύνολο επίδειξης.",
    "data folder not there:": "λείπει ο φάκελος δεδομένων:",
    "The data folder {} is not there. Press d to choose another one.":
        "Ο φάκελος δεδομένων {} δεν υπάρχει. Πατήστε d για άλλον.",
    "Its data are not in {}. Press d to choose another folder.":
        "Τα δεδομένα του δεν είναι στο {}. Πατήστε d για άλλον φάκελο.",
    "Run {} first.": "Εκτελέστε πρώτα: {}.",
    "Run {} first, for its numbers here.": "Εκτελέστε πρώτα το {}, για τις μετρήσεις του εδώ.",
    "No numbers yet; its run gives them (r).": "Δεν υπάρχουν ακόμη μετρήσεις· τις δίνει η εκτέλεση (r).",
    "From other data than those the session has now.": "Από άλλα δεδομένα από αυτά που έχει τώρα η συνεδρία.",
    "Reference note. It never counts as your answer.": "Σημείωση αναφοράς. Δεν μετρά ποτέ ως απάντησή σας.",
    "o shows a reference note.": "Το o δείχνει μια σημείωση αναφοράς.",
    "The answer on disk, which somebody else has saved:": "Η απάντηση στον δίσκο, που αποθήκευσε κάποιος άλλος:",
    "Evidence of {}": "Μετρήσεις του {}", "majority class": "πολυπληθέστερη",
    "[ ] 95 % interval": "[ ] διάστημα 95 %",
    "computed in {} on {}": "υπολογίστηκε σε {} με {}", "{} threads": "{} νήματα", "1 thread": "1 νήμα",
    "began from published weights: {}": "άρχισε από δημοσιευμένα βάρη: {}",
    # Where the time went
    "Where the time of the training went": "Πού πήγε ο χρόνος της εκπαίδευσης",
    "what": "τι", "time": "χρόνος", "share": "μερίδιο",
    "a step": "ανά βήμα", "times": "φορές", "calls a step": "κλήσεις ανά βήμα", "operator": "πράξη",
    "data: the next batch": "δεδομένα: το επόμενο batch", "forward pass and loss": "εμπρός πέρασμα και σφάλμα",
    "backward pass": "πίσω πέρασμα", "evaluation": "αξιολόγηση",
    "events": "συμβάντα", "rest of the loop": "ο υπόλοιπος βρόχος",
    "trace: steps and file": "ίχνος: βήματα και αρχείο",
    "a part of the training: {} of {} steps were timed or traced":
        "μέρος της εκπαίδευσης: χρονομετρήθηκαν ή ιχνηλατήθηκαν {} από {} βήματα",
    "no trace: it takes {} steps, and this training had {}":
        "κανένα ίχνος: χρειάζεται {} βήματα, και αυτή η εκπαίδευση είχε {}",
    "no trace: it takes {} steps in one go, and the run was taken up with fewer left":
        "κανένα ίχνος: χρειάζεται {} συνεχόμενα βήματα, και η εκτέλεση συνεχίστηκε με λιγότερα υπόλοιπα",
    "no trace: no step of a training was taken here": "κανένα ίχνος: εδώ δεν έγινε κανένα βήμα εκπαίδευσης",
    "the trace is not there any more: {}": "το ίχνος δεν υπάρχει πια: {}",
    "the trainings' tables tell of {} of the run's {} s; the other {} s: {}":
        "οι πίνακες των εκπαιδεύσεων αφορούν {} από τα {} s της εκτέλεσης· τα υπόλοιπα {} s: {}",
    "the start, imports and data before, what is computed and drawn after, and what a kill undid":
        "η εκκίνηση, οι βιβλιοθήκες και τα δεδομένα πριν, όσα υπολογίζονται και σχεδιάζονται μετά, όσα χάθηκαν με kill",
    "and steps that nobody timed": "και βήματα που δεν χρονομέτρησε κανείς",
    "trains nothing, so there is no profile of it": "δεν εκπαιδεύει τίποτα, οπότε δεν έχει πίνακα χρόνου",
    "the run was begun without --profile; `{}` makes one that is measured":
        "η εκτέλεση άρχισε χωρίς --profile· η εντολή `{}` κάνει μία με μετρήσεις χρόνου",
    "it was begun without --profile: give the same command again when it has ended, for one that is measured":
        "άρχισε χωρίς --profile: δώστε ξανά την ίδια εντολή όταν τελειώσει, για μία με μετρήσεις χρόνου",
    "{} s in all; steps that were timed: {}": "{} s συνολικά· βήματα που χρονομετρήθηκαν: {}",
    "Operators of torch that took longest in the trace": "Οι πράξεις του torch που πήραν τον περισσότερο χρόνο",
    "time without that of the operators inside of it": "χρόνος χωρίς αυτόν των πράξεων που περιέχει",
    "traced steps: {}, in {} (ui.perfetto.dev and chrome://tracing open it)":
        "βήματα με ίχνος: {}, στο {} (ανοίγει στο ui.perfetto.dev και στο chrome://tracing)",
    "with default settings": "με τις προεπιλογές", "default settings": "οι προεπιλογές",
    "this part's own settings are the defaults": "οι ρυθμίσεις του ίδιου του μέρους είναι οι προεπιλογές",
    "with {}": "με {}", "{} of {}": "{} από {}",
    "{} s ago": "πριν {} s", "1 min ago": "πριν 1 λεπτό", "{} min ago": "πριν {} λεπτά",
    "1 h ago": "πριν 1 ώρα", "{} h ago": "πριν {} ώρες", "yesterday": "χθες",
    "{} days ago": "πριν {} ημέρες",
    "goes on if you disconnect": "συνεχίζεται αν αποσυνδεθείτε",
    "saved {} · goes on if you disconnect": "αποθηκεύτηκε {} · συνεχίζεται αν αποσυνδεθείτε",
    "Open the step with enter, and choose a part.": "Ανοίξτε το βήμα με enter και διαλέξτε μέρος.",
    "This part asks for a written answer; it runs nothing.": "Αυτό το μέρος ζητά γραπτή απάντηση· δεν εκτελεί τίποτα.",
    "Nothing has run here yet. Press r to run {} (enter in this panel too), or 2 to change its settings first.":
        "Τίποτα δεν έχει εκτελεστεί εδώ. Πατήστε r για εκτέλεση του {} (ή enter εδώ), ή 2 για αλλαγή ρυθμίσεων πρώτα.",
    "There is no result yet. Press r to run {} (enter in this panel too), or 2 to change its settings first.":
        "Δεν υπάρχει αποτέλεσμα ακόμη. Πατήστε r για εκτέλεση του {} (ή enter εδώ), ή 2 για αλλαγή ρυθμίσεων πρώτα.",
    "There are no messages yet. Press r to run {} (enter in this panel too), or 2 to change its settings first.":
        "Δεν υπάρχουν μηνύματα ακόμη. Πατήστε r για εκτέλεση του {} (ή enter εδώ), ή 2 για αλλαγή ρυθμίσεων πρώτα.",
    "Nothing has run here yet. Press r to run {} (enter in this panel too).":
        "Τίποτα δεν έχει εκτελεστεί εδώ. Πατήστε r για εκτέλεση του {} (ή enter εδώ).",
    "There is no result yet. Press r to run {} (enter in this panel too).":
        "Δεν υπάρχει αποτέλεσμα ακόμη. Πατήστε r για εκτέλεση του {} (ή enter εδώ).",
    "There are no messages yet. Press r to run {} (enter in this panel too).":
        "Δεν υπάρχουν μηνύματα ακόμη. Πατήστε r για εκτέλεση του {} (ή enter εδώ).",
}  # fmt: skip


@lru_cache(maxsize=1)
def _phrases() -> Phrases:
    tables = (greek_start, greek_looks, greek_keys, greek_screens, greek_spoken, greek_notices)
    return Phrases(reduce(or_, (table.PHRASES for table in tables), PHRASES))


@lru_cache(maxsize=1024)
def say(text: str, language: str) -> str:
    """Return words of the app in ``en`` or ``el``; what the table does not know stays as it is."""
    return _phrases().of(text) if language == "el" else text
