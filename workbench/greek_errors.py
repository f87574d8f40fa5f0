"""What commands refuse, and why, in Greek: the messages of errors."""

from __future__ import annotations

PHRASES = {
    # The line itself
    "There is no command {}. {+}": "Δεν υπάρχει εντολή {}. {+}",
    "{} has no command {}. {+}": "Η εντολή {} δεν έχει {}. {+}",
    "{} has no commands of its own.": "Η εντολή {} δεν έχει δικές της εντολές.",
    "Commands are {}.": "Οι εντολές είναι {}.",
    "Settings are {}.": "Οι ρυθμίσεις είναι {}.",
    "There is no setting {}. {+}": "Δεν υπάρχει ρύθμιση {}. {+}",
    "not recognised: {}.": "δεν αναγνωρίζεται: {}.",
    "not recognised: {}. {+}": "δεν αναγνωρίζεται: {}. {+}",
    "the following arguments are required: {}": "λείπουν απαραίτητα ορίσματα: {}",
    "the following arguments are required: {}. {+}": "λείπουν απαραίτητα ορίσματα: {}. {+}",
    "help {} explains it.": "Το help {} το εξηγεί.",
    "one of the arguments {} is required": "χρειάζεται ένα από τα ορίσματα {}",
    "argument {}: expected one argument": "όρισμα {}: χρειάζεται μία τιμή",
    "argument {}: expected at least one argument": "όρισμα {}: χρειάζεται τουλάχιστον μία τιμή",
    "argument {}: cannot be {}: it takes {}.": "όρισμα {}: δεν γίνεται {}· παίρνει {}.",
    "argument {}: cannot be {}: it takes {} and {} more.": "όρισμα {}: δεν γίνεται {}· παίρνει {} και {} ακόμη.",
    "argument {}: not allowed with argument {}": "όρισμα {}: δεν πάει μαζί με το {}",
    "argument {}: ignored explicit argument {}": "όρισμα {}: δεν παίρνει τιμή, ούτε {}",
    "argument {}: {} is not a whole number": "όρισμα {}: το {} δεν είναι ακέραιος αριθμός",
    "argument {}: {}: a seed is a whole number from 0 to {}": "όρισμα {}: {}: το seed είναι ακέραιος από 0 έως {}",
    "{} is not a whole number": "το {} δεν είναι ακέραιος αριθμός",
    "{}: a seed is a whole number from 0 to {}": "{}: το seed είναι ακέραιος από 0 έως {}",
    "--step is empty; it takes a step or part, as in --step 7.1e. `steps` lists them":
        "το --step είναι κενό· παίρνει βήμα ή μέρος, όπως --step 7.1e. Η εντολή `steps` τα δείχνει",
    "--step does not go with the command {}": "το --step δεν πάει μαζί με την εντολή {}",
    "--set does not go with the command {}": "το --set δεν πάει μαζί με την εντολή {}",
    "{} needs --step ID; `steps` lists them": "{}: χρειάζεται --step ID· η εντολή `steps` τα δείχνει",
    "Column {} of the line holds {+}; take it out.": "Η στήλη {} της γραμμής έχει {+}· αφαιρέστε το.",
    "The line is too long: a command has at most {} characters.":
        "Η γραμμή είναι πολύ μεγάλη: μία εντολή έχει το πολύ {} χαρακτήρες.",
    "The quotation mark {} of word {} is not closed. Close it, or write \\{} for the mark itself.":
        "Το εισαγωγικό {} της λέξης {} δεν κλείνει. Κλείστε το, ή γράψτε \\{} για το ίδιο το σημείο.",
    "the control character {}": "τον χαρακτήρα ελέγχου {}",
    "what is not UTF-8 text": "κάτι που δεν είναι κείμενο UTF-8",
    "Standard input is closed, so there is nothing to do. Give a command: repl -c 'show 6'":
        "Η τυπική είσοδος είναι κλειστή, άρα δεν υπάρχει τι να γίνει. Δώστε μια εντολή: repl -c 'show 6'",
    "This is a fault of the workbench: {}: {}": "Αυτό είναι σφάλμα του προγράμματος: {}: {}",
    "Its details are in {}; runs are not touched by it.":
        "Οι λεπτομέρειες είναι στο {}· οι εκτελέσεις δεν επηρεάζονται.",
    "Its details could not be kept: {}": "Οι λεπτομέρειες δεν μπόρεσαν να κρατηθούν: {}",
    "the output could not be written: {}": "η έξοδος δεν μπόρεσε να γραφτεί: {}",
    # Steps, parts and parameters
    "There is no step or part {}. {+}": "Δεν υπάρχει βήμα ή μέρος {}. {+}",
    "Nearest: {}.": "Τα πιο κοντινά: {}.",
    "Steps are {}.": "Τα βήματα είναι {}.",
    "{} names a part that is empty; write ids with commas, as in 5,6,7.1.":
        "Στο {} ένα μέρος είναι κενό· γράψτε τα ids με κόμματα, όπως 5,6,7.1.",
    "{}-{} goes backwards; write {}-{}.": "Το {}-{} πάει προς τα πίσω· γράψτε {}-{}.",
    "{} is not built yet in this version.": "Το {} δεν υπάρχει ακόμη σε αυτή την έκδοση.",
    "{}: not built yet in this version. `steps` lists what can be run.":
        "{}: δεν υπάρχει ακόμη σε αυτή την έκδοση. Η εντολή `steps` δείχνει τι εκτελείται.",
    "{}, a question to answer: not built yet in this version. `steps` lists what can be run.":
        "{}, ερώτηση για απάντηση: δεν υπάρχει ακόμη σε αυτή την έκδοση. Η εντολή `steps` δείχνει τι εκτελείται.",
    "{} cannot be {}: it takes {+} (default {}).": "{}: δεν γίνεται {}· παίρνει {+} (προεπιλογή {}).",
    "{} cannot be {}: it takes {+}.": "{}: δεν γίνεται {}· παίρνει {+}.",
    "true or false": "true ή false",
    "a whole number from {} to {}": "ακέραιο από {} έως {}",
    "a number from {} to {}": "αριθμό από {} έως {}",
    "a whole number from {} to {} in steps of {}": "ακέραιο από {} έως {} ανά {}",
    "a whole number, at least {}": "ακέραιο, τουλάχιστον {}",
    "a number, at least {}": "αριθμό, τουλάχιστον {}",
    "text": "κείμενο",
    "{} or {} has no parameter {}. {+}": "{} ή {}: δεν έχουν παράμετρο {}. {+}",
    "{} or {} or {} has no parameter {}. {+}": "{} ή {} ή {}: δεν έχουν παράμετρο {}. {+}",
    "{} has no parameter {}. {+}": "{}: δεν έχει παράμετρο {}. {+}",
    "It takes {}.": "Παίρνει {}.",
    "It takes none.": "Δεν παίρνει καμία.",
    "`help {}` lists what it takes.": "Η εντολή `help {}` δείχνει τι παίρνει.",
    "`help ID` lists a part's own.": "Η εντολή `help ID` δείχνει τις παραμέτρους ενός μέρους.",
    "No part has a parameter {}. {+}":
        "Κανένα μέρος δεν έχει παράμετρο {}. {+}",
    "{} is not of the form name=value.": "Το {} δεν είναι της μορφής όνομα=τιμή.",
    "{} is not among the parts that run, so {} cannot be set for it.":
        "Το {} δεν είναι στα μέρη που εκτελούνται, άρα δεν ορίζεται {} για αυτό.",
    "{}: a live run can change {}, as in learning_rate=1e-4.":
        "{}: μια εκτέλεση σε εξέλιξη μπορεί να αλλάξει {}, όπως learning_rate=1e-4.",
    "Name a part or step to run with {}, as in: run 5γ epochs=20":
        "Ονομάστε ένα μέρος ή βήμα για εκτέλεση με {}, όπως: run 5γ epochs=20",
    "What of {} is to be set? As in: set 5γ epochs=20": "Τι να οριστεί στο {}; Όπως: set 5γ epochs=20",
    "{} is given with the run: run {} {}. `set` keeps it at the prompt.":
        "Το {} δίνεται με την εκτέλεση: run {} {}. Η εντολή `set` το κρατά στη γραμμή εντολών του προγράμματος.",
    "{} builds on {}, which has no result yet. Run them first, or add --with-prerequisites.":
        "Το {} στηρίζεται στο {}, που δεν έχει ακόμη αποτέλεσμα. Εκτελέστε το πρώτα, ή προσθέστε "
        "--with-prerequisites.",
    "{} builds on {}, which have no result yet. Run them first, or add --with-prerequisites.":
        "Το {} στηρίζεται στα {}, που δεν έχουν ακόμη αποτέλεσμα. Εκτελέστε τα πρώτα, ή προσθέστε "
        "--with-prerequisites.",
    # Data and devices
    "There is no data set to check yet. Name its folder: data check ROOT":
        "Δεν υπάρχει ακόμη σύνολο δεδομένων για έλεγχο. Ονομάστε τον φάκελό του: data check ROOT",
    "There is no data yet. Point at a folder with --data ROOT.":
        "Δεν υπάρχουν δεδομένα ακόμη. Δείξτε έναν φάκελο με --data ROOT.",
    "{} needs data, and this session has none. Point at a folder with --data ROOT, or build the demo set with: "
    "python -m workbench data demo":
        "Το {} χρειάζεται δεδομένα, και αυτή η συνεδρία δεν έχει. Δείξτε έναν φάκελο με --data ROOT, ή φτιάξτε το "
        "σύνολο επίδειξης με: python -m workbench data demo",
    "{}: there is no such folder; give the folder that holds {}":
        "{}: δεν υπάρχει τέτοιος φάκελος· δώστε τον φάκελο που περιέχει το {}",
    "{}: is a file; give the folder that holds {}": "{}: είναι αρχείο· δώστε τον φάκελο που περιέχει το {}",
    "{}: cannot be read ({}); give a folder that you may read":
        "{}: δεν διαβάζεται ({})· δώστε φάκελο που έχετε δικαίωμα να διαβάσετε",
    "{}: none of {} lies here; found {}": "{}: κανένα από τα {} δεν είναι εδώ· βρέθηκαν {}",
    "{}: none of {} lies here; found {}; {} looks like the data root, give that one":
        "{}: κανένα από τα {} δεν είναι εδώ· βρέθηκαν {}· ο φάκελος δεδομένων μοιάζει να είναι ο {}, δώστε αυτόν",
    "{}: {} is missing; run `data check` on the root, or choose another":
        "{}: λείπει το {}· εκτελέστε `data check` στον φάκελο, ή διαλέξτε άλλον",
    "{}: cannot be read ({}); see `data check`": "{}: δεν διαβάζεται ({})· δείτε την εντολή `data check`",
    "{+} ({} problems; `data check` names them)": "{+} ({} προβλήματα· η εντολή `data check` τα δείχνει)",
    "{}: {} unusable files, the first: {+}": "{}: {} άχρηστα αρχεία, το πρώτο: {+}",
    "{} problems, the first: {+}": "{} προβλήματα, το πρώτο: {+}",
    "Session {} is on the data in {}. For those in {} use another session: --session NAME.":
        "Η συνεδρία {} είναι στα δεδομένα του {}. Για εκείνα του {} χρησιμοποιήστε άλλη συνεδρία: --session NAME.",
    "{} is not a device; use auto, cpu or cuda:0.": "Το {} δεν είναι συσκευή· δώστε auto, cpu ή cuda:0.",
    "This machine has no device {}; it has {}.": "Αυτό το μηχάνημα δεν έχει συσκευή {}· έχει {}.",
    "torch {} is a build without CUDA and can use no GPU": "το torch {} είναι χωρίς CUDA και δεν χρησιμοποιεί GPU",
    "pip install --force-reinstall torch=={} brings the one with CUDA, where no index of CPU builds is set":
        "το pip install --force-reinstall torch=={} φέρνει εκείνο με CUDA, αν δεν έχει οριστεί ευρετήριο εκδόσεων CPU",
    "torch {} is a build without CUDA and can use no GPU; {+}.":
        "Το torch {} είναι χωρίς CUDA και δεν χρησιμοποιεί GPU· {+}.",
    "torch {} can use no GPU: {}": "το torch {} δεν χρησιμοποιεί GPU: {}",
    "torch {} cannot compute on {}: {}; {+}.": "Το torch {} δεν υπολογίζει στο {}: {}· {+}.",
    "update the NVIDIA driver, or install a torch for an older CUDA":
        "ενημερώστε τον οδηγό της NVIDIA, ή εγκαταστήστε torch για παλιότερη CUDA",
    "this torch is not built for such a GPU: install another one, or take --device cpu":
        "αυτό το torch δεν είναι φτιαγμένο για τέτοια GPU: εγκαταστήστε άλλο, ή δώστε --device cpu",
    "other programs fill its memory (nvidia-smi lists them): wait, or take another device":
        "άλλα προγράμματα γεμίζουν τη μνήμη της (τα δείχνει το nvidia-smi): περιμένετε, ή πάρτε άλλη συσκευή",
    "another program has it for itself (nvidia-smi lists it): wait, or take another device":
        "άλλο πρόγραμμα την έχει όλη δική του (το δείχνει το nvidia-smi): περιμένετε, ή πάρτε άλλη συσκευή",
    "nvidia-smi tells whether the driver works; --device cpu computes without a GPU":
        "το nvidia-smi λέει αν δουλεύει ο οδηγός· το --device cpu υπολογίζει χωρίς GPU",
    "The memory of {} is full: {}. A smaller batch_size (with accumulate, for as many clips a step) or crop_frames "
    "needs less; `system` tells what else is there.":
        "Η μνήμη του {} γέμισε: {}. Μικρότερο batch_size (με accumulate, για όσα δείγματα είχε το βήμα) ή crop_frames "
        "θέλει λιγότερη· το `system` λέει τι άλλο υπάρχει εκεί.",
    "{} cannot compute this to the bit: {}. Take mode=fast.":
        "Το {} δεν το υπολογίζει ίδιο bit προς bit: {}. Δώστε mode=fast.",
    "is missing": "λείπει",
    "is not a regular file": "δεν είναι κανονικό αρχείο",
    "is empty": "είναι άδειο",
    "is not a .npy file (its first bytes are not those of one)":
        "δεν είναι αρχείο .npy (τα πρώτα bytes δεν είναι τέτοιου αρχείου)",
    "is truncated: it has {} of {} bytes": "είναι κομμένο: έχει {} από {} bytes",
    "is truncated: {} compressed bytes cannot hold {}": "είναι κομμένο: {} συμπιεσμένα bytes δεν χωρούν {}",
    "is truncated inside its header": "είναι κομμένο μέσα στην κεφαλίδα του",
    "has a damaged header": "έχει χαλασμένη κεφαλίδα",
    "has a header that this program does not read (version {}, {} bytes)":
        "έχει κεφαλίδα που το πρόγραμμα δεν διαβάζει (έκδοση {}, {} bytes)",
    "has a value that is not finite: {} in row {}, frame {}":
        "έχει τιμή που δεν είναι πεπερασμένη: {} στη γραμμή {}, πλαίσιο {}",
    "has bytes after the end of its array, which ends at byte {}":
        "έχει bytes μετά το τέλος του πίνακά του, που τελειώνει στο byte {}",
    "has shape {}; it should be ({}, T) with T of at least 1": "έχει διαστάσεις {}· πρέπει ({}, T) με T τουλάχιστον 1",
    "holds Python objects; only arrays of float32 or float64 are read":
        "περιέχει αντικείμενα Python· διαβάζονται μόνο πίνακες float32 ή float64",
    "holds {}; only float32 and float64 are read": "περιέχει {}· διαβάζονται μόνο float32 και float64",
    "{} is in the way: {+}": "Το {} είναι στη μέση: {+}",
    "{} is not empty and not a demo set; choose another folder with --out.":
        "Ο φάκελος {} δεν είναι άδειος ούτε σύνολο επίδειξης· διαλέξτε άλλον με --out.",
    "--shard {} is not of the form i/n with i from 1 to n": "--shard {}: πρέπει να έχει τη μορφή i/n, με i από 1 έως n",
    "--from is for fma_small and fma_metadata; Kaggle's set comes from Kaggle.":
        "Το --from είναι για τα fma_small και fma_metadata· το σύνολο του Kaggle έρχεται από το Kaggle.",
    # Runs
    "Session {} has no run yet; `run` starts one.": "Η συνεδρία {} δεν έχει εκτέλεση ακόμη· μία ξεκινά η εντολή `run`.",
    "Session {} has no run of {} yet; `run` starts one.":
        "Η συνεδρία {} δεν έχει εκτέλεση του {} ακόμη· μία ξεκινά η εντολή `run`.",
    "Session {} has no run of {}.": "Η συνεδρία {} δεν έχει εκτέλεση του {}.",
    "Run {} is finished. `run` with --force makes a new one.":
        "Η εκτέλεση {} είναι έτοιμη. Η εντολή `run` με --force κάνει νέα.",
    "Run {} is {+}, so it takes no requests.": "Η εκτέλεση {} δεν παίρνει εντολές, γιατί η κατάστασή της είναι: {+}.",
    "Run {} of {} was made on other data than those in {}, so it cannot go on.":
        "Η εκτέλεση {} του {} έγινε σε άλλα δεδομένα από εκείνα του {}, άρα δεν μπορεί να συνεχιστεί.",
    "Run {} of {} was interrupted, and the data in {} have changed since. It cannot go on; --force begins a new run "
    "on the data as they are.":
        "Η εκτέλεση {} του {} διακόπηκε, και τα δεδομένα στο {} έχουν αλλάξει από τότε. Δεν μπορεί να συνεχιστεί· το "
        "--force αρχίζει νέα εκτέλεση στα τωρινά δεδομένα.",
    "Run {} is going on (held by {}); stop it first.": "Η εκτέλεση {} είναι σε εξέλιξη ({})· σταματήστε την πρώτα.",
    "Run {} is of a part that this version does not have.": "Η εκτέλεση {} είναι μέρους που αυτή η έκδοση δεν έχει.",
    "{} has {} runs; name those to delete: {}": "Το {} έχει {} εκτελέσεις· ονομάστε όσες θα διαγραφούν: {}",
    "{}: is going on; stop it first": "{}: είναι σε εξέλιξη· σταματήστε την πρώτα",
    "{}: is pinned; take the pin away first": "{}: είναι καρφιτσωμένη· ξεκαρφιτσώστε την πρώτα",
    "{}: no run {} there; `delete` lists the trash":
        "{}: δεν υπάρχει εκεί εκτέλεση {}· η εντολή `delete` δείχνει τον κάδο",
    "{}: no run {}; the session's history lists them":
        "{}: δεν υπάρχει εκτέλεση {}· το ιστορικό της συνεδρίας τις δείχνει",
    "--empty-trash deletes all that is in the trash; it takes no runs and no --restore.":
        "Το --empty-trash διαγράφει ό,τι είναι στον κάδο· δεν παίρνει εκτελέσεις ούτε --restore.",
    "Nothing of {} is finished in session {}. {+}": "Τίποτα από το {} δεν είναι έτοιμο στη συνεδρία {}. {+}",
    "Run: {}": "Εκτελέστε: {}",
    "It is not built yet in this version.": "Δεν υπάρχει ακόμη σε αυτή την έκδοση.",
    "No run of {} has a confusion matrix; the parts that test a classifier have one.":
        "Καμία εκτέλεση του {} δεν έχει πίνακα σύγχυσης· έχουν τα μέρη που ελέγχουν έναν ταξινομητή.",
    "No run of {} has a figure yet.": "Καμία εκτέλεση του {} δεν έχει διάγραμμα ακόμη.",
    "{} has no figure {}. {+}": "Το {} δεν έχει διάγραμμα {}. {+}",
    "It has {}.": "Έχει {}.",
    "No run of {} has a map of tracks; steps 8 and 11 draw some.":
        "Καμία εκτέλεση του {} δεν έχει χάρτη κομματιών· έχουν τα βήματα 8 και 11.",
    "Track {} is not on the maps of run {}; there are {}, such as {}.": (
        "Το κομμάτι {} δεν είναι στους χάρτες της εκτέλεσης {}· υπάρχουν {}, όπως τα {}."
    ),
    "A cell has two classes, a true one and a predicted one; there are {}.":
        "Ένα κελί έχει δύο κλάσεις, μια αληθινή και μια πρόβλεψη· υπάρχουν {}.",
    "There is no class {}; there are {}. {+}": "Δεν υπάρχει κλάση {}· υπάρχουν {}. {+}",
    "There is no class {}; there are {}.": "Δεν υπάρχει κλάση {}· υπάρχουν {}.",
    "--last cannot be {}: it takes a number from 1 to {}.": "--last: δεν γίνεται {}· παίρνει από 1 έως {}.",
    "{} and {} are one run, {}; name another one.": "Τα {} και {} είναι η ίδια εκτέλεση, {}· ονομάστε άλλη.",
    "{} can be {} runs; give more of the id of one, as of {}.":
        "{}: μπορεί να είναι {} εκτελέσεις· δώστε περισσότερο από το id μιας, όπως {}.",
    "Run {} is {+}, so it has no result; `log {}` shows it.":
        "Η εκτέλεση {} (κατάσταση: {+}) δεν έχει αποτέλεσμα· το `log {}` τη δείχνει.",
    "{} has no finished run with predictions of a test set. Parts that train and test a model have one: run {} "
    "first, or name another.":
        "Το {} δεν έχει έτοιμη εκτέλεση με προβλέψεις σε test set. Έχουν τα μέρη που εκπαιδεύουν και ελέγχουν ένα "
        "μοντέλο: εκτελέστε πρώτα το {}, ή ονομάστε άλλο.",
    "--resamples cannot be {}: it takes a number from 1 to {}.": "--resamples: δεν γίνεται {}· παίρνει από 1 έως {}.",
    "--{} cannot be {}: it takes a number from {} to {}": "--{}: δεν γίνεται {}· παίρνει αριθμό από {} έως {}",
    "The worker ended with code {} before it began.": "Η εκτέλεση τελείωσε με κωδικό {} πριν αρχίσει.",
    "The worker did not begin within {} s.": "Η εκτέλεση δεν άρχισε μέσα σε {} s.",
    "{}: the run is held by {+}; follow it or stop it instead of starting it again":
        "{}: την εκτέλεση κρατά {+}· παρακολουθήστε την ή σταματήστε την αντί να την ξεκινήσετε ξανά",
    "{}: the run is held by {+}; follow it or stop it instead of starting it again, or remove this file if that "
    "machine is off":
        "{}: την εκτέλεση κρατά {+}· παρακολουθήστε την ή σταματήστε την αντί να την ξεκινήσετε ξανά, ή αφαιρέστε "
        "αυτό το αρχείο αν εκείνο το μηχάνημα είναι κλειστό",
    "process {} on {+}": "η διεργασία {} στο {+}",
    "an unknown machine": "άγνωστο μηχάνημα",
    "The data in {} are not those that run {} began with; --force begins a new run on the data as they are.":
        "Τα δεδομένα στο {} δεν είναι εκείνα με τα οποία άρχισε η εκτέλεση {}· το --force αρχίζει νέα στα τωρινά.",
    # Answers and reports
    "Step {} asks {} questions; name one: {}.": "Το βήμα {} έχει {} ερωτήσεις· ονομάστε μία: {}.",
    "The question of {} is not built yet in this version.": "Η ερώτηση του {} δεν υπάρχει ακόμη σε αυτή την έκδοση.",
    "{} asks nothing. Questions are in {}.": "{}: χωρίς ερώτηση. Ερωτήσεις έχουν τα {}.",
    "{} has an answer already ({} words). --edit changes it, and --replace puts the new text in its place.":
        "Το {} έχει ήδη απάντηση ({} λέξεις). Το --edit την αλλάζει, και το --replace βάζει το νέο κείμενο στη θέση "
        "της.",
    "The folder that this was started in is not there any more; go to another one first.":
        "Ο φάκελος από όπου ξεκίνησε η εντολή δεν υπάρχει πια· πηγαίνετε πρώτα σε άλλον.",
    "{}: {} would overwrite this file, which is no {+}; name another.":
        "{}: το {} θα έγραφε πάνω σε αυτό το αρχείο, που δεν είναι {+}· δώστε άλλο.",
    "{}: --out names the folder that report.pdf is written into; name a folder.":
        "{}: το --out ονομάζει τον φάκελο όπου γράφεται το report.pdf· ονομάστε φάκελο.",
    "table of `{}`": "πίνακας του `{}`", "web page of `{}`": "ιστοσελίδα του `{}`",
    "{} is there already, and its name is not that of a model; give one in .safetensors.":
        "Το {} υπάρχει ήδη, και το όνομά του δεν είναι μοντέλου· δώστε ένα σε .safetensors.",
    "No editor: {} cannot be found. Set EDITOR, or use --text or --file.":
        "Δεν υπάρχει editor: δεν βρέθηκε το {}. Ορίστε το EDITOR, ή δώστε --text ή --file.",
    "{} needs a terminal, and there is none. Set EDITOR, or use --text or --file.":
        "Το {} θέλει τερματικό, και δεν υπάρχει. Ορίστε το EDITOR, ή δώστε --text ή --file.",
    "{} ended with code {}; nothing was saved. Its text is in {}.":
        "Το {} τελείωσε με κωδικό {}· δεν αποθηκεύτηκε τίποτα. Το κείμενο είναι στο {}.",
    "{}: cannot be read ({}); nothing was saved.": "{}: δεν διαβάζεται ({})· δεν αποθηκεύτηκε τίποτα.",
    "{}: cannot be read as text ({}); nothing was saved.":
        "{}: δεν διαβάζεται ως κείμενο ({})· δεν αποθηκεύτηκε τίποτα.",
    "{}: is not text in UTF-8 ({}); nothing was saved.": "{}: δεν είναι κείμενο UTF-8 ({})· δεν αποθηκεύτηκε τίποτα.",
    "{}: it was changed elsewhere while you were editing; read it again and bring both together":
        "{}: άλλαξε αλλού όσο το γράφατε· διαβάστε το ξανά και ενώστε τα δύο κείμενα",
    "{+}. Your text is in {}": "{+}. Το κείμενό σας είναι στο {}",
    '{} is not of the form "NAME, ID"': 'Το {} δεν έχει τη μορφή "ΟΝΟΜΑ, ΑΜ"',
    "{} is not there; `report build` writes it.": "Το {} δεν υπάρχει· το γράφει η εντολή `report build`.",
    "{} was edited since it was written. --edited makes the PDF from it as it is; --overwrite writes it anew from "
    "the session, and your changes to it are lost.":
        "Το {} άλλαξε από τότε που γράφτηκε. Το --edited φτιάχνει το PDF όπως είναι· το --overwrite το γράφει ξανά "
        "από τη συνεδρία, και οι αλλαγές σας χάνονται.",
    "{} was edited, and the PDF lacks what changed since, there or in the session. Put in what is new and run `report "
    "build --edited`, or `report build --overwrite` to lose your changes; --pdf FILE hands in a PDF as it is.":
        "Το {} έχει αλλαχτεί, και από το PDF λείπει ό,τι άλλαξε αργότερα, εκεί ή στη συνεδρία. Βάλτε ό,τι νέο υπάρχει "
        "και εκτελέστε `report build --edited`, ή `report build --overwrite` για να χαθούν οι αλλαγές σας· το --pdf "
        "FILE παραδίδει ένα PDF όπως είναι.",
    'the ids given are {}, and on the title page of the report stands {+}: give --ids as there, or name each member by '
    '`report build --member "NAME, ID"`':
        'δόθηκαν οι αριθμοί μητρώου {}, και στη σελίδα τίτλου της αναφοράς υπάρχει {+}: δώστε --ids όπως εκεί, ή '
        'ονομάστε κάθε μέλος με `report build --member "ΟΝΟΜΑ, ΑΜ"`',
    "no such id": "κανένας τέτοιος",
    "{}: no answer": "{}: χωρίς απάντηση",
    "Not answered yet: {}. Answer them (`answer ID --edit`), or add --incomplete.":
        "Χωρίς απάντηση ακόμη: {}. Απαντήστε (`answer ID --edit`), ή προσθέστε --incomplete.",
    "{} cannot be a student's id: letters, digits and hyphens only":
        "Το {} δεν γίνεται αριθμός μητρώου: μόνο γράμματα, ψηφία και παύλες",
    "the assignment is handed in by one or two; {} ids were given: --ids A [B]":
        "η εργασία παραδίδεται από έναν ή δύο· δόθηκαν {}: --ids A [B]",
    "the id {} was given twice": "το {} δόθηκε δύο φορές",
    "{} cannot be read: {}. `report build` makes it.": "Το {} δεν διαβάζεται: {}. Το φτιάχνει η εντολή `report build`.",
    "{} is not a PDF; `report build` makes it.": "Το {} δεν είναι PDF· το φτιάχνει η εντολή `report build`.",
    "{} cannot be opened again: {}. Write it anew.": "Το {} δεν ανοίγει ξανά: {}. Γράψτε το πάλι.",
    "{}: {} is not Python: {}. Mend it and write it anew.":
        "{}: το {} δεν είναι Python: {}. Διορθώστε το και γράψτε το ξανά.",
    "{} does not hold what was put into it; write it anew.": "Το {} δεν έχει ό,τι μπήκε μέσα του· γράψτε το πάλι.",
    # Sessions
    "This deletes for good: {+}. Add --yes to do it.": "Διαγράφει οριστικά: {+}. Προσθέστε --yes για να γίνει.",
    "{} in {+}": "{} στο {+}",
    "the trash of {}": "ο κάδος του {}",
    "Nothing was deleted.": "Δεν διαγράφηκε τίποτα.",
    "{}: no session {}; did you mean {}?": "{}: δεν υπάρχει συνεδρία {}· μήπως εννοείτε {};",
    "{}: no session {}; there are {} others; list them to choose one":
        "{}: δεν υπάρχει συνεδρία {}· υπάρχουν άλλες {}· δείτε τον κατάλογο και διαλέξτε μία",
    "--json needs -c or commands on stdin; at the prompt, give it to a command: show 6 --json":
        "το --json θέλει -c ή εντολές στο stdin· στο prompt δώστε το σε μια εντολή: show 6 --json",
    "{} is a command of the prompt (`repl`) and of the app; here there is nothing to leave.":
        "το {} είναι εντολή του prompt (`repl`) και της εφαρμογής· εδώ δεν υπάρχει κάτι για έξοδο.",
    "{}; name another place by --out, or by WORKBENCH_CACHE_DIR":
        "{}· ορίστε άλλη θέση με --out ή με WORKBENCH_CACHE_DIR",
    "{}: no session {}; there is 1 other; list the sessions to choose one":
        "{}: δεν υπάρχει συνεδρία {}· υπάρχει άλλη 1· δείτε τον κατάλογο για να τη διαλέξετε",
    "{}: no session {}; the trash is empty": "{}: δεν υπάρχει συνεδρία {}· ο κάδος είναι άδειος",
    "{}: no session {}; there is none yet; create one":
        "{}: δεν υπάρχει συνεδρία {}· δεν υπάρχει καμία ακόμη· φτιάξτε μία",
    "{}: no session there yet; create one, or name another folder with --sessions-dir":
        "{}: δεν υπάρχει συνεδρία εκεί ακόμη· φτιάξτε μία, ή ονομάστε άλλον φάκελο με --sessions-dir",
    "{}: a session named {} is there already; choose another name":
        "{}: υπάρχει ήδη συνεδρία με όνομα {}· διαλέξτε άλλο όνομα",
    "{}: its run {} is going on; stop it first, then try again":
        "{}: η εκτέλεση {} είναι σε εξέλιξη· σταματήστε την πρώτα και ξαναδοκιμάστε",
    "{}: not there, so this is not a session; `sessions` lists them, and --session NAME takes another":
        "{}: δεν υπάρχει, άρα αυτό δεν είναι συνεδρία· η εντολή `sessions` τις δείχνει, το --session NAME παίρνει άλλη",
    "{}: the open session is not there any more; open another one or make one.":
        "{}: η ανοιχτή συνεδρία δεν υπάρχει πια· ανοίξτε άλλη ή φτιάξτε μία.",
    "The last session cannot be opened.": "Η τελευταία συνεδρία δεν ανοίγει.",
    "{} is not there any more": "το {} δεν υπάρχει πια",
    "{}: not there any more, so nothing is written into it; it was deleted or moved":
        "{}: δεν υπάρχει πια, άρα δεν γράφεται τίποτα εκεί· διαγράφηκε ή μετακινήθηκε",
    "{}: written by a newer version (format {}, this one reads up to {}); update the workbench":
        "{}: το έγραψε νεότερη έκδοση (μορφή {}, αυτή διαβάζει έως {})· ενημερώστε το πρόγραμμα",
    "{}: another process has held it for {} s; end it, then try again":
        "{}: το κρατά άλλη διεργασία εδώ και {} s· τερματίστε την και ξαναδοκιμάστε",
    "a session's name cannot be empty; give it one letter at least":
        "το όνομα μιας συνεδρίας δεν μπορεί να είναι κενό· δώστε τουλάχιστον ένα γράμμα",
    "{}…: a session's name has at most {} characters": "{}…: το όνομα μιας συνεδρίας έχει το πολύ {} χαρακτήρες",
    "{}: a session's name cannot hold control characters; leave them out":
        "{}: το όνομα μιας συνεδρίας δεν έχει χαρακτήρες ελέγχου· αφαιρέστε τους",
    "{}: a session's name cannot hold / or \\, since it is no path; --sessions-dir says where it lies":
        "{}: το όνομα μιας συνεδρίας δεν έχει / ή \\, αφού δεν είναι διαδρομή· τη θέση τη λέει το --sessions-dir",
    "{}: a session's name cannot be of dots alone, which mean folders":
        "{}: το όνομα μιας συνεδρίας δεν είναι μόνο τελείες, που σημαίνουν φακέλους",
    "{} cannot be a tag: 1 to {} letters, without a comma": "Το {} δεν γίνεται ετικέτα: 1 έως {} γράμματα, χωρίς κόμμα",
    # Archives
    "{}: no such file; give the path of an exported session (.tar.gz)":
        "{}: δεν υπάρχει τέτοιο αρχείο· δώστε τη διαδρομή μιας εξαγμένης συνεδρίας (.tar.gz)",
    "{}: there is a file of this name already; choose another or remove it":
        "{}: υπάρχει ήδη αρχείο με αυτό το όνομα· διαλέξτε άλλο ή αφαιρέστε το",
    "{}: damaged or not a session's export ({+}); export the session again":
        "{}: χαλασμένο, ή δεν είναι εξαγωγή συνεδρίας ({+})· εξάγετε ξανά τη συνεδρία",
    "{}: has no {}; it is cut off, or not a session's export":
        "{}: δεν έχει {}· είναι κομμένο, ή δεν είναι εξαγωγή συνεδρίας",
    "{}: has no {}; it is not a session's export": "{}: δεν έχει {}· δεν είναι εξαγωγή συνεδρίας",
    # Files
    "{}: is not what was written there; its folder is built again.":
        "{}: δεν είναι αυτό που γράφτηκε εκεί· ο φάκελός του ξαναφτιάχνεται.",
    "{}: is of no use to this version; it is built again.": "{}: δεν κάνει για αυτή την έκδοση· ξαναφτιάχνεται.",
    "{}: the cache folder is full ({+}); make room, or choose another one with WORKBENCH_CACHE_DIR, or with: config "
    "set cache_dir FOLDER":
        "{}: ο φάκελος της cache γέμισε ({+})· κάντε χώρο, ή διαλέξτε άλλον με WORKBENCH_CACHE_DIR, ή με: config set "
        "cache_dir FOLDER",
    "{}: the cache folder cannot be written to ({+}), and it lacks what the run needs; choose another one with "
    "WORKBENCH_CACHE_DIR, or with: config set cache_dir FOLDER":
        "{}: ο φάκελος της cache δεν γράφεται ({+}), και δεν έχει ό,τι χρειάζεται η εκτέλεση· διαλέξτε άλλον με "
        "WORKBENCH_CACHE_DIR, ή με: config set cache_dir FOLDER",
    "{}: the cache folder cannot be written to ({+}), and {} is not what was written there; choose another one with "
    "WORKBENCH_CACHE_DIR, or with: config set cache_dir FOLDER":
        "{}: ο φάκελος της cache δεν γράφεται ({+}), και το {} δεν είναι αυτό που γράφτηκε εκεί· διαλέξτε άλλον με "
        "WORKBENCH_CACHE_DIR, ή με: config set cache_dir FOLDER",
    "{}: the cache folder cannot be made, as {} is a file; choose another one with WORKBENCH_CACHE_DIR, or with: "
    "config set cache_dir FOLDER":
        "{}: ο φάκελος της cache δεν φτιάχνεται, γιατί το {} είναι αρχείο· διαλέξτε άλλον με WORKBENCH_CACHE_DIR, ή "
        "με: config set cache_dir FOLDER",
    "{}: a file of the cache cannot be read ({+}); make it readable, or choose another one with WORKBENCH_CACHE_DIR, "
    "or with: config set cache_dir FOLDER":
        "{}: ένα αρχείο της cache δεν διαβάζεται ({+})· κάντε το αναγνώσιμο, ή διαλέξτε άλλη με WORKBENCH_CACHE_DIR, ή "
        "με: config set cache_dir FOLDER",
    "{}: no permission; make it readable and writable for you, or choose another folder with --sessions-dir":
        "{}: δεν έχετε δικαίωμα· δώστε στον εαυτό σας ανάγνωση και εγγραφή, ή διαλέξτε άλλον φάκελο με --sessions-dir",
    "{}: the file system is read-only; choose another folder with --sessions-dir":
        "{}: το σύστημα αρχείων είναι μόνο για ανάγνωση· διαλέξτε άλλον φάκελο με --sessions-dir",
    "{}: no space left on the disk ({+}); free some space there, then try again: what was saved before is whole":
        "{}: δεν έχει μείνει χώρος στον δίσκο ({+})· ελευθερώστε χώρο και ξαναδοκιμάστε: ό,τι είχε αποθηκευτεί είναι "
        "ακέραιο",
    "{}: the disk quota is used up ({+}); free some space there, then try again: what was saved before is whole":
        "{}: εξαντλήθηκε το όριο του δίσκου ({+})· ελευθερώστε χώρο και ξαναδοκιμάστε: ό,τι είχε αποθηκευτεί είναι "
        "ακέραιο",
    "{} free": "{} ελεύθερα",
    "free space unknown": "άγνωστος ελεύθερος χώρος",
    "{}: {}; check the disk and the path, then try again":
        "{}: {}· ελέγξτε τον δίσκο και τη διαδρομή και ξαναδοκιμάστε",
    "{}: {+}; restore it from a copy or remove it": "{}: {+}· επαναφέρετέ το από αντίγραφο ή αφαιρέστε το",
    "{}: a JSON object was expected; restore it from a copy or remove it":
        "{}: έπρεπε να έχει αντικείμενο JSON· επαναφέρετέ το από αντίγραφο ή αφαιρέστε το",
    "{}: its content does not match its checksum; restore it from a copy":
        "{}: το περιεχόμενο δεν ταιριάζει με το άθροισμα ελέγχου· επαναφέρετέ το από αντίγραφο",
    "{}: not text in UTF-8 ({}); mend it with an editor":
        "{}: δεν είναι κείμενο UTF-8 ({})· διορθώστε το με έναν editor",
    "{}: not there": "{}: δεν υπάρχει",
    "{}: no such folder": "{}: δεν υπάρχει τέτοιος φάκελος",
    "{}: {}; set HOME to a folder that can be written to": "{}: {}· ορίστε το HOME σε φάκελο που γράφεται",
    "{}: belongs to somebody else or can be written to by others; set HOME or WORKBENCH_STATE_DIR":
        "{}: ανήκει σε άλλον ή γράφεται από άλλους· ορίστε το HOME ή το WORKBENCH_STATE_DIR",
    # Settings
    "{}: is not TOML ({}); mend it with an editor": "{}: δεν είναι TOML ({})· διορθώστε το με έναν editor",
    "{}: {} is written there in a way that only an editor can change.":
        "{}: το {} είναι γραμμένο εκεί με τρόπο που αλλάζει μόνο με editor.",
    "{} is no setting of a session; leave --in-session out.": "Το {} δεν είναι ρύθμιση συνεδρίας· χωρίς --in-session.",
    "{} is no setting of a session; change it in your own settings.":
        "Το {} δεν είναι ρύθμιση συνεδρίας· αλλάξτε το στις δικές σας ρυθμίσεις.",
    "it is not packed with gzip": "δεν είναι συμπιεσμένο με gzip",
    "{}: a session is written as {} and not as {}; name it {}":
        "{}: μια συνεδρία γράφεται ως {} και όχι ως {}· ονομάστε το {}",
    "{}: is {+}; give the {} file that an export wrote, as it is":
        "{}: είναι {+}· δώστε το αρχείο {} που έγραψε μια εξαγωγή, όπως είναι",
    "{}: is a folder; give the {} file that an export wrote":
        "{}: είναι φάκελος· δώστε το αρχείο {} που έγραψε μια εξαγωγή",
    "a zip file": "αρχείο zip", "a 7z file": "αρχείο 7z", "a rar file": "αρχείο rar",
    "packed with {}": "συμπιεσμένο με {}", "a tar file without gzip": "αρχείο tar χωρίς gzip",
    "{}: {+} Set or unset the variable in your shell.": "{}: {+} Ορίστε ή αφαιρέστε τη μεταβλητή στο κέλυφος.",
    "keys cannot be {}; it is a table: [keys].": "keys: δεν γίνεται {}· είναι πίνακας: [keys].",
    # Models and downloads
    "Session {} has no trained model. Run one first, for instance: --step 7.1e; or name a file that `models export` "
    "wrote with --model.":
        "Η συνεδρία {} δεν έχει εκπαιδευμένο μοντέλο. Εκτελέστε πρώτα κάποιο, για παράδειγμα: --step 7.1e· ή "
        "ονομάστε με --model ένα αρχείο που έγραψε η εντολή `models export`.",
    "{} has no model {}. It has {}.": "Το {} δεν έχει μοντέλο {}. Έχει {}.",
    "{} has no trained model in session {}; run it first":
        "Το {} δεν έχει εκπαιδευμένο μοντέλο στη συνεδρία {}· εκτελέστε το πρώτα",
    "{} is neither a part, a run of session {}, nor a file":
        "Το {} δεν είναι μέρος, εκτέλεση της συνεδρίας {} ή αρχείο",
    "The weights {} are of model_size={}, not {}.": "Τα βάρη {} είναι για model_size={}, όχι {}.",
    "{} is damaged: its content is not what its name says. Remove it and import it again.":
        "Το {} είναι χαλασμένο: το περιεχόμενο δεν είναι αυτό που λέει το όνομά του. Αφαιρέστε το και φέρτε το ξανά.",
    "The weights that this run begins with ({}) are not in {}.":
        "Τα βάρη με τα οποία αρχίζει αυτή η εκτέλεση ({}) δεν είναι στο {}.",
    "{} was refused: {} {}. {+}": "Το {} δεν δόθηκε: {} {}. {+}",
    "{} did not answer, or broke off: {}. {+}": "Το {} δεν απάντησε, ή διέκοψε: {}. {+}",
    "{} broke off after {} of {} bytes. The same command goes on from there.":
        "Το {} διακόπηκε μετά από {} από {} bytes. Η ίδια εντολή συνεχίζει από εκεί.",
    "What came from {} is not the file: its {} is {}. It was thrown away.":
        "Αυτό που ήρθε από το {} δεν είναι το αρχείο: το {} του είναι {}. Πετάχτηκε.",
    "{}: cannot be unpacked ({}); remove it and fetch it again":
        "{}: δεν αποσυμπιέζεται ({})· αφαιρέστε το και κατεβάστε το ξανά",
    "{}: {} more are needed and {} are free; make room, or name a folder on another disk, and start again":
        "{}: χρειάζονται ακόμη {} και είναι ελεύθερα {}· κάντε χώρο, ή ονομάστε φάκελο σε άλλον δίσκο, και ξεκινήστε "
        "πάλι",
    # Names that were given in the wrong place, or were probably meant
    "It is a parameter of parts, given with the run: `run {} {}`, or --set {}. `help {}` lists what it takes.":
        "Είναι παράμετρος μερών και δίνεται με την εκτέλεση: `run {} {}`, ή --set {}. Η εντολή `help {}` δείχνει τι "
        "παίρνει.",
    "It is a setting of the session: `set {}`.": "Είναι ρύθμιση της συνεδρίας: `set {}`.",
    "It is a setting: `config set {}`.": "Είναι ρύθμιση: `config set {}`.",
    "the variable {} counts for nothing": "η μεταβλητή {} δεν μετρά πουθενά",
    "unknown: the variable {} counts for nothing. {+}": "άγνωστο: η μεταβλητή {} δεν μετρά πουθενά. {+}",
    "docs/settings.md lists the variables that there are.": "Το docs/settings.md δείχνει ποιες μεταβλητές υπάρχουν.",
    "There is no setting {}.": "Δεν υπάρχει ρύθμιση {}.",
    "No part has a parameter {}.": "Κανένα μέρος δεν έχει παράμετρο {}.",
    "{} has no parameter {}.": "{}: δεν έχει παράμετρο {}.",
    "{} or {} has no parameter {}.": "{} ή {}: δεν έχουν παράμετρο {}.",
    "{} or {} or {} has no parameter {}.": "{} ή {} ή {}: δεν έχουν παράμετρο {}.",
    "Did you mean {}?": "Μήπως εννοείτε {};",
    "Did you mean {} or {}?": "Μήπως εννοείτε {} ή {};",
    "Did you mean {} or {} or {}?": "Μήπως εννοείτε {} ή {} ή {};",
    "{}: none of {} lies here; found an empty folder": "{}: κανένα από τα {} δεν είναι εδώ· ο φάκελος είναι άδειος",
    "{}: none of {} lies here; found {} and {} more": "{}: κανένα από τα {} δεν είναι εδώ· βρέθηκαν {} και {} ακόμη",
    "{} ({}) is not built yet in this version.": "Το {} ({}) δεν υπάρχει ακόμη σε αυτή την έκδοση.",
    "{}: {} problems with what came from Kaggle; `data check` names them too. Remove the folder and fetch it again":
        "{}: {} προβλήματα σε όσα ήρθαν από το Kaggle· τα δείχνει και η εντολή `data check`. Αφαιρέστε τον φάκελο και "
        "κατεβάστε τα πάλι",
    "[keys] {} cannot be {}; it takes text such as \"x\" or \"f7,ctrl+x\".":
        "[keys] {}: δεν γίνεται {}· παίρνει κείμενο όπως \"x\" ή \"f7,ctrl+x\".",
    "{} is not the id of a part; ids look like 5γ or 7.1": "Το {} δεν είναι id μέρους· τα ids μοιάζουν με 5γ ή 7.1",
    "No run has a column {}. {+}": "Καμία εκτέλεση δεν έχει στήλη {}. {+}",
    "`export runs --long` has them all.": "Η εντολή `export runs --long` τις έχει όλες.",
    "--json prints JSON, so a table goes to a file: --format csv --out FILE.":
        "Το --json τυπώνει JSON, οπότε ο πίνακας πάει σε αρχείο: --format csv --out FILE.",
    "JSON has every column; --columns and --long are for CSV.":
        "Το JSON έχει κάθε στήλη· τα --columns και --long είναι για CSV.",
    "`help set` tells more.": "Περισσότερα με την εντολή `help set`.",
}  # fmt: skip
