"""Why a run fails, in Greek: what the lab, its worker and the store say when they cannot go on."""

from __future__ import annotations

PHRASES = {
    # How a run ends
    "The worker ended with code {} without a result.": "Η εκτέλεση τελείωσε με κωδικό {} χωρίς αποτέλεσμα.",
    "The run failed and could not write why; {} may tell.":
        "Η εκτέλεση απέτυχε και δεν μπόρεσε να γράψει γιατί· ίσως το λέει το {}.",
    "The worker crashed with {} ({}).": "Η διεργασία της εκτέλεσης κατέρρευσε με {} ({}).",
    "The worker failed unexpectedly.": "Η εκτέλεση απέτυχε απροσδόκητα.",
    "killed by the kernel: out of memory (a smaller batch_size or crop_frames needs less)":
        "τη σκότωσε ο πυρήνας: τελείωσε η μνήμη (μικρότερο batch_size ή crop_frames θέλει λιγότερη)",
    "the process that watches it was killed": "σκοτώθηκε η διεργασία που την επιβλέπει",
    "This process may have no more memory. A smaller batch_size or crop_frames needs less; `ulimit -v` and the "
    "scheduler's limits tell how much it may have.":
        "Η διεργασία δεν παίρνει άλλη μνήμη. Μικρότερο batch_size ή crop_frames θέλει λιγότερη· το `ulimit -v` και τα "
        "όρια του scheduler λένε πόση μπορεί να έχει.",
    "{}: {}. This is a mistake of the workbench; the log has its traceback.":
        "{}: {}. Αυτό είναι σφάλμα του προγράμματος· το log έχει το traceback.",
    "9δ is to train with the seeds {} to {}, each from a backbone that 9γ trained with the same seed; 9γ (run {}) has "
    "{} to {}. Run 9γ with seeds={} and seed {} first, or 9δ with seeds=1.":
        "Το 9δ θα εκπαιδεύσει με τα seeds {} ως {}, το καθένα από backbone που το 9γ εκπαίδευσε με το ίδιο seed· το 9γ "
        "(εκτέλεση {}) έχει {} ως {}. Εκτελέστε πρώτα το 9γ με seeds={} και seed {}, ή το 9δ με seeds=1.",
    "failed: {+}": "απέτυχε: {+}",
    "paused": "σε παύση", "continued": "συνεχίζεται", "left": "έφυγε", "failed": "απέτυχε", "error": "σφάλμα",
    "refused": "δεν γίνεται δεκτό",
    "figures/{} could not be drawn: {}": "το figures/{} δεν σχεδιάστηκε: {}",
    "TensorBoard's event files were not written: {+}": "Τα αρχεία συμβάντων του TensorBoard δεν γράφτηκαν: {+}",
    "Overfit check: {}": "Έλεγχος υπερεκπαίδευσης: {}",
    "The batch ended with code {} before it began.": "Η σειρά εκτελέσεων τελείωσε με κωδικό {} πριν αρχίσει.",
    "It ended with code {}.": "Τελείωσε με κωδικό {}.",
    # What a run is doing
    "{+} ({})": "{+} ({})",
    "held-out set": "κρατημένα κομμάτια", "hearing the test set": "ακούγεται το test set",
    "hearing the held-out set": "ακούγονται τα κρατημένα κομμάτια",
    "computing the scores of the test set": "υπολογίζονται οι τιμές του test set",
    "computing the scores of the held-out set": "υπολογίζονται οι τιμές στα κρατημένα κομμάτια",
    "training ended after epoch {} of {}: {+}": "η εκπαίδευση τελείωσε μετά την εποχή {} από {}: {+}",
    "all epochs done": "ολοκληρώθηκαν όλες οι εποχές",
    "target loss reached": "το σφάλμα έφτασε τον στόχο",
    "no better {} on the validation set for {} epochs": "κανένα καλύτερο {} στο validation για {} εποχές",
    "stopped early: {+}": "σταμάτησε νωρίς: {+}", "stopped early": "σταμάτησε νωρίς",
    "statistics, held-out part": "στατιστικά, κρατημένα", "statistics, training part": "στατιστικά, εκπαίδευση",
    "unlabelled tracks {}": "κομμάτια χωρίς label, {}",
    "vectors of {}, run {}": "διανύσματα του {}, εκτέλεση {}",
    "UMAP, neighbours {} in {}D, {}": "UMAP, γείτονες {} σε {}D, {}",
    "t-SNE, perplexity {} in {}D, {}": "t-SNE, perplexity {} σε {}D, {}",
    "PCA in {}D, {}": "PCA σε {}D, {}",
    # Data
    "an offset lies outside its clip (largest {}); see `crop_offsets`":
        "μια αρχή βρίσκεται έξω από το δείγμα της (μεγαλύτερη {})· δείτε το `crop_offsets`",
    "buffer of {} {} for a batch of {} float32; make it larger":
        "χώρος {} {} για batch {} float32· κάντε τον μεγαλύτερο",
    "seed {} and epoch {} should not be negative": "το seed {} και η εποχή {} δεν πρέπει να είναι αρνητικά",
    "{} is {}; it should be at least 1": "{}: είναι {}· πρέπει να είναι τουλάχιστον 1",
    "class table: {} becomes {}, but {} becomes {}; name the last":
        "πίνακας κλάσεων: το {} γίνεται {}, αλλά το {} γίνεται {}· ονομάστε το τελευταίο",
    "classes that the training clips do not have: {}": "κλάσεις που δεν έχουν τα δείγματα εκπαίδευσης: {}",
    "{}: cannot be read ({+})": "{}: δεν διαβάζεται ({+})",
    "{}: cannot be read ({+}).": "{}: δεν διαβάζεται ({+}).",
    "{}: cannot be read: {+}": "{}: δεν διαβάζεται: {+}",
    "{}: should map each raw genre to a class, or to an empty text to drop it":
        "{}: πρέπει να δίνει σε κάθε αρχικό είδος μια κλάση, ή κενό κείμενο για να αφαιρεθεί",
    "{}: not empty; name a new folder for the demo set":
        "{}: δεν είναι άδειος· ονομάστε νέο φάκελο για το σύνολο επίδειξης",
    "id {} is listed twice, first on line {}": "το id {} υπάρχει δύο φορές, πρώτα στη γραμμή {}",
    "should have 2 columns between tabs and has {}": "πρέπει να έχει 2 στήλες με tab ανάμεσα και έχει {}",
    "should have {} columns between commas and has {}": "πρέπει να έχει {} στήλες με κόμμα ανάμεσα και έχει {}",
    "the genre {} has control characters": "το είδος {} έχει χαρακτήρες ελέγχου",
    "the header names an axis twice or has control characters: {}":
        "η κεφαλίδα ονομάζει άξονα δύο φορές ή έχει χαρακτήρες ελέγχου: {}",
    "the header should be Id<TAB>Genre and is {}": "η κεφαλίδα πρέπει να είναι Id<TAB>Genre και είναι {}",
    "the header should be like Id,valence,energy,danceability and is {}":
        "η κεφαλίδα πρέπει να μοιάζει με Id,valence,energy,danceability και είναι {}",
    "the name {} does not start with a whole number as its id": "το όνομα {} δεν αρχίζει με ακέραιο για id",
    "{} has no genre": "το {} δεν έχει είδος",
    "{} is empty": "το {} είναι κενό",
    "{} is {}, outside 0 to 1": "{}: είναι {}, έξω από το 0 έως 1",
    "{} is {}, which is not a number": "{}: είναι {}, που δεν είναι αριθμός",
    "{} problems with the Kaggle file, the first: {+}": "{} προβλήματα με το αρχείο του Kaggle, το πρώτο: {+}",
    "no clip to take the mean and deviation from; the training part is empty":
        "κανένα δείγμα για μέσο και απόκλιση· το μέρος εκπαίδευσης είναι κενό",
    "stored normalisation cannot be read: {}": "η αποθηκευμένη κανονικοποίηση δεν διαβάζεται: {}",
    "stored normalisation does not fit rows {} to {}":
        "η αποθηκευμένη κανονικοποίηση δεν ταιριάζει στις γραμμές {} έως {}",
    "{}: its clips have no genre": "{}: τα δείγματά του δεν έχουν είδος",
    "{}: cannot be read ({+}); {+}": "{}: δεν διαβάζεται ({+})· {+}",
    "{}: cannot be written ({+}); make room": "{}: δεν γράφεται ({+})· κάντε χώρο",
    "{}: does not describe a pack ({}); {+}": "{}: δεν περιγράφει πακέτο δεδομένων ({})· {+}",
    "{}: is damaged ({} is {}, should be {}); {+}": "{}: είναι χαλασμένο ({}: είναι {}, έπρεπε {})· {+}",
    "{}: is damaged ({}); {+}": "{}: είναι χαλασμένο ({})· {+}",
    "{}: its files do not fit together; {+}": "{}: τα αρχεία του δεν ταιριάζουν μεταξύ τους· {+}",
    "{}: its files changed while they were read; run this again":
        "{}: τα αρχεία του άλλαξαν όσο διαβάζονταν· εκτελέστε το ξανά",
    "{}: is not a pack of format {}; {+}": "{}: δεν είναι πακέτο δεδομένων μορφής {}· {+}",
    "remove that folder and it is built again": "αφαιρέστε αυτόν τον φάκελο και θα φτιαχτεί ξανά",
    "a subset of {} clips is empty; give at least 1": "ένα υποσύνολο {} δειγμάτων είναι κενό· δώστε τουλάχιστον 1",
    "affect values have shape {}; give all axes, (tracks, axes), all finite":
        "οι τιμές συναισθήματος έχουν διαστάσεις {}· δώστε όλους τους άξονες, (κομμάτια, άξονες), όλες πεπερασμένες",
    "fraction is {}; it should lie between 0 and 1": "το ποσοστό είναι {}· πρέπει να είναι ανάμεσα σε 0 και 1",
    "{}: {+}; `data check` names everything that is wrong": "{}: {+}· η εντολή `data check` δείχνει ό,τι είναι λάθος",
    "{}: does not list track {}, which {} has; see `data check`.":
        "{}: δεν έχει το κομμάτι {}, που το έχει το {}· δείτε την εντολή `data check`.",
    "{}: lists one genre only ({}); steps 1 to 3 compare two genres.":
        "{}: έχει μόνο ένα είδος ({})· τα βήματα 1 έως 3 συγκρίνουν δύο.",
    # Digits
    "There are no digits at hand. {+}": "Δεν υπάρχουν ψηφία. {+}",
    "digits_folder: {} is no folder. {+}": "digits_folder: το {} δεν είναι φάκελος. {+}",
    "{} cannot be read: {}.": "Το {} δεν διαβάζεται: {}.",
    "{} has no train-images-idx3-ubyte with train-labels-idx1-ubyte. {+}":
        "Το {} δεν έχει train-images-idx3-ubyte με train-labels-idx1-ubyte. {+}",
    "{} is no IDX file: it begins with {}.": "Το {} δεν είναι αρχείο IDX: αρχίζει με {}.",
    "{}: a pixel lies outside 0…255.": "{}: ένα pixel είναι έξω από 0…255.",
    "{}: digit {} is labelled {}; labels are 0 to 9.": "{}: το ψηφίο {} έχει label {}· τα labels είναι 0 έως 9.",
    "{}: its head says {} = {} bytes, and {} follow. Copy it again.":
        "{}: η κεφαλίδα λέει {} = {} bytes, και ακολουθούν {}. Αντιγράψτε το ξανά.",
    "{}: shape {}; digits have {} × {} pixels.": "{}: διαστάσεις {}· τα ψηφία έχουν {} × {} pixels.",
    "{}: {} columns; a digit has {} pixels and a label.": "{}: {} στήλες· ένα ψηφίο έχει {} pixels και ένα label.",
    "example cannot be {}: {} held-out digits {} are kept to be looked at.":
        "example: δεν γίνεται {}· κρατιούνται {} ψηφία {} για εξέταση.",
    "{}: {} digits are too few to train, validate and test on.":
        "{}: {} ψηφία είναι πολύ λίγα για εκπαίδευση, validation και test.",
    "{} cannot be read: {}. Run 7.1α again.": "Το {} δεν διαβάζεται: {}. Εκτελέστε ξανά το 7.1α.",
    "{} holds {}, not {}. Run 7.1α again.": "Το {} έχει {}, όχι {}. Εκτελέστε ξανά το 7.1α.",
    "{}: shapes {} and {} are no digits. Run 7.1α again.":
        "{}: διαστάσεις {} και {} δεν είναι ψηφία. Εκτελέστε ξανά το 7.1α.",
    # What one part reads of another
    "{} cannot be read: {}. Run its part again with --force.":
        "Το {} δεν διαβάζεται: {}. Εκτελέστε ξανά το μέρος του με --force.",
    "{} cannot be read: {}. Run its part again with R.": "Το {} δεν διαβάζεται: {}. Εκτελέστε ξανά το μέρος του με R.",
    "{} cannot be read: {}. Run its part again.": "Το {} δεν διαβάζεται: {}. Εκτελέστε ξανά το μέρος του.",
    "{} cannot be read: {}. Run 11α again with --force.": "Το {} δεν διαβάζεται: {}. Εκτελέστε ξανά το 11α με --force.",
    "{} cannot be read: {}. Run 6α again with --force.": "Το {} δεν διαβάζεται: {}. Εκτελέστε ξανά το 6α με --force.",
    "The model in {} cannot be read: {}. Run its part again.":
        "Το μοντέλο στο {} δεν διαβάζεται: {}. Εκτελέστε ξανά το μέρος του.",
    "{} has no finished run on these data; run it first.":
        "Το {} δεν έχει έτοιμη εκτέλεση σε αυτά τα δεδομένα· εκτελέστε το πρώτα.",
    "{}: was tested on other tracks or classes; run {} with --force.":
        "{}: ελέγχθηκε σε άλλα κομμάτια ή κλάσεις· εκτελέστε το {} με --force.",
    "{}: was trained on track {}, which is not there; run it with --force.":
        "{}: εκπαιδεύτηκε στο κομμάτι {}, που δεν υπάρχει· εκτελέστε το με --force.",
    "{}: its files cannot be read: {}. Run 9γ again with --force.":
        "{}: τα αρχεία του δεν διαβάζονται: {}. Εκτελέστε ξανά το 9γ με --force.",
    "No network was trained in all of {}; run them with models=all.":
        "Κανένα δίκτυο δεν εκπαιδεύτηκε σε όλα τα {}· εκτελέστε τα με models=all.",
    "The axes were judged on different tracks ({}: {}); run them alike.":
        "Οι άξονες κρίθηκαν σε διαφορετικά κομμάτια ({}: {})· εκτελέστε τους με τις ίδιες ρυθμίσεις.",
    "{} trained no {}; run it with models=all.": "Το {} δεν εκπαίδευσε {}· εκτελέστε το με models=all.",
    "{} trained no {}; run with models=all.": "Το {} δεν εκπαίδευσε {}· εκτελέστε με models=all.",
    "Step 8 has no finished run for {} on these data; run its part first.":
        "Το βήμα 8 δεν έχει έτοιμη εκτέλεση για {} σε αυτά τα δεδομένα· εκτελέστε πρώτα το μέρος του.",
    "{} and 9δ were judged on different held-out tracks; run them with the same held_out_fraction and held_out_seed.":
        "Τα {} και 9δ κρίθηκαν σε διαφορετικά κρατημένα κομμάτια· εκτελέστε τα με ίδια held_out_fraction και "
        "held_out_seed.",
    "10γ and step 8 were judged on different held-out tracks; run them with the same held_out_fraction and "
    "held_out_seed.":
        "Το 10γ και το βήμα 8 κρίθηκαν σε διαφορετικά κρατημένα κομμάτια· εκτελέστε τα με ίδια held_out_fraction και "
        "held_out_seed.",
    "9γ (run {}) has heard {} of the tracks that are held out or validated on here ({}{}): it was run with another "
    "seed, held_out_seed, held_out_fraction or validation_fraction. Run 9γ again with those of this run.":
        "Το 9γ (εκτέλεση {}) έχει ακούσει {} από τα κομμάτια που εδώ είναι κρατημένα ή για validation ({}{}): "
        "εκτελέστηκε με άλλο seed, held_out_seed, held_out_fraction ή validation_fraction. Εκτελέστε ξανά το 9γ με "
        "αυτά.",
    "axis_weights cannot be {} ({}): it takes one number an axis with commas between, in the order {}; for instance "
    "{}.":
        "axis_weights: δεν γίνεται {} ({})· παίρνει έναν αριθμό ανά άξονα με κόμματα, με τη σειρά {}· για παράδειγμα "
        "{}.",
    "umap-learn does not run on this machine: {}": "το umap-learn δεν τρέχει σε αυτό το μηχάνημα: {}",
    "{} cannot be {}: it takes up to {} {} from 2 to 10000 with commas between, such as 5, 30, 50, or nothing to leave "
    "the method out.":
        "{}: δεν γίνεται {}· παίρνει έως {} {} από 2 έως 10000 με κόμματα, όπως 5, 30, 50, ή τίποτα για να μη γίνει η "
        "μέθοδος.",
    "11α found fewer than two trained models of step 5; train another kind of features.":
        "Το 11α βρήκε λιγότερα από δύο εκπαιδευμένα μοντέλα του βήματος 5· εκπαιδεύστε άλλο είδος χαρακτηριστικών.",
    "No trained model of steps 5, 7.1 or 7.2 is there; run 6α, 7.1ε or 7.2β first.":
        "Δεν υπάρχει εκπαιδευμένο μοντέλο των βημάτων 5, 7.1 ή 7.2· εκτελέστε πρώτα το 6α, το 7.1ε ή το 7.2β.",
    "No genre model of steps 5, 7.1 or 7.2 has a finished run on these data; run one of them first, for instance 7.1ε.":
        "Κανένα μοντέλο είδους των βημάτων 5, 7.1 ή 7.2 δεν έχει έτοιμη εκτέλεση σε αυτά τα δεδομένα· εκτελέστε πρώτα "
        "ένα, για παράδειγμα το 7.1ε.",
    "source={} needs {}, which has no finished run on these data; run it first, or choose another (there: {}).":
        "Το source={} χρειάζεται το {}, που δεν έχει έτοιμη εκτέλεση σε αυτά τα δεδομένα· εκτελέστε το πρώτα, ή "
        "διαλέξτε άλλο (υπάρχουν: {}).",
    # Emotion and genre
    "{}: cannot be split: {+}": "{}: δεν διαχωρίζεται: {+}",
    "{}: has no axis {}; its index has {}.": "{}: δεν έχει άξονα {}· το ευρετήριό του έχει {}.",
    "{}: has {} labelled tracks, which leaves {} for the {} part; it needs at least {}.":
        "{}: έχει {} κομμάτια με τιμές, οπότε μένουν {} για το μέρος {}· χρειάζονται τουλάχιστον {}.",
    "{}: {} is missing; no track has emotion values.": "{}: λείπει το {}· κανένα κομμάτι δεν έχει τιμές συναισθήματος.",
    "{}: has {} class; telling genres apart needs two.": "{}: έχει {} κλάση· η διάκριση ειδών χρειάζεται δύο.",
    "{}: too few clips for a validation part; every class has only one.":
        "{}: πολύ λίγα δείγματα για validation· κάθε κλάση έχει μόνο ένα.",
    # Training
    "The training loss became {} at epoch {}, step {}. Lower learning_rate, or use precision=float32; the checkpoints "
    "before it are kept.":
        "Το σφάλμα εκπαίδευσης έγινε {} στην εποχή {}, βήμα {}. Μειώστε το learning_rate, ή δώστε "
        "precision=float32· τα "
        "προηγούμενα checkpoints μένουν.",
    "threads cannot be {} here: it takes 0 (by a short probe) to {}, as many processors as this process may use.":
        "Το threads δεν γίνεται {} εδώ: παίρνει από 0 (με δοκιμή) έως {}, όσους επεξεργαστές έχει αυτή η διεργασία.",
    "compile=graphs records CUDA graphs, which takes a GPU; a CPU takes off or inductor.":
        "Το compile=graphs καταγράφει CUDA graphs, που θέλουν GPU· ένας επεξεργαστής παίρνει off ή inductor.",
    "compile={} cannot follow a batch onto threads; take recurrence=shared with it.":
        "Το compile={} δεν ακολουθεί ένα batch σε νήματα· δώστε μαζί του recurrence=shared.",
    "compile={} writes {} on a {}, and there is no compiler here. Install {} or {}, set {} to another, or take "
    "compile=off.":
        "Το compile={} γράφει {} σε {}, και εδώ δεν υπάρχει μεταγλωττιστής. Εγκαταστήστε {} ή {}, ορίστε άλλον στο {}, "
        "ή δώστε compile=off.",
    "compile=graphs cannot add up the gradients of {} batches; take accumulate=1 with it, or compile=inductor.":
        "Το compile=graphs δεν αθροίζει τα gradients {} batches· δώστε μαζί του accumulate=1, ή compile=inductor.",
    "fstride is {} and tstride {}; both go from 1 to {}, so that no cell is skipped.":
        "fstride {} και tstride {}: και τα δύο πάνε από 1 έως {}, ώστε να μην παραλείπεται κελί.",
    "input_fdim is {}, and the features have {} rows; it takes at least {}, or 0 to follow the features.":
        "input_fdim: είναι {}, και τα χαρακτηριστικά έχουν {} γραμμές· παίρνει τουλάχιστον {}, ή 0 για όσες έχουν.",
    "input_tdim is {}; a patch is {} frames long, so it takes at least that.":
        "input_tdim: είναι {}· ένα patch έχει {} πλαίσια, άρα παίρνει τουλάχιστον τόσα.",
    "model_size cannot be {}; it is one of {}.": "model_size: δεν γίνεται {}· είναι ένα από τα {}.",
    "patch_out is {}; it is a share from 0 up to, but not including, 1.":
        "patch_out: είναι {}· είναι ποσοστό από 0 έως, χωρίς να φτάνει, 1.",
    "the processes that work on the clips die without a message; is memory short?":
        "οι διεργασίες που δουλεύουν τα δείγματα πεθαίνουν χωρίς μήνυμα· μήπως λείπει μνήμη;",
    # Weights and models
    "The weights of {} are of {} and do not fit this model: {} is {} here. Choose model_size={}, or other weights.":
        "Τα βάρη του {} είναι για {} και δεν ταιριάζουν σε αυτό το μοντέλο: το {} είναι εδώ {}. Διαλέξτε "
        "model_size={}, "
        "ή άλλα βάρη.",
    "{} cannot be read: {}. Import the weights again.": "Το {} δεν διαβάζεται: {}. Φέρτε ξανά τα βάρη.",
    "{} has position embeddings for {} patches, which are neither a square nor {} rows.":
        "Το {} έχει position embeddings για {} patches, που δεν είναι ούτε τετράγωνο ούτε {} γραμμές.",
    "{} has {} blocks of width {}; the known sizes are {}.": "Το {} έχει {} blocks πλάτους {}· γνωστά μεγέθη: {}.",
    "{} holds a {}; weights by their names are needed.": "Το {} περιέχει {}· χρειάζονται βάρη με τα ονόματά τους.",
    "{} is no DeiT or AST: {} is {}, and should have {} axes.":
        "Το {} δεν είναι DeiT ή AST: το {} είναι {}, και πρέπει να έχει {} άξονες.",
    "{} is not a distilled DeiT or an AST ({}). Its tensors begin with {}.":
        "Το {} δεν είναι distilled DeiT ή AST ({}). Τα tensors του αρχίζουν με {}.",
    "{} is not a whole DeiT or AST: v.pos_embed is missing.":
        "Το {} δεν είναι ολόκληρο DeiT ή AST: λείπει το v.pos_embed.",
    "{} is not a whole {}: {}": "Το {} δεν είναι ολόκληρο {}: {}",
    "{} was written by a newer version; update the workbench.":
        "Το {} το έγραψε νεότερη έκδοση· ενημερώστε το πρόγραμμα.",
    "{}: no model can be read from it: {}": "{}: δεν διαβάζεται μοντέλο από αυτό: {}",
    "{} is not a whole file of imported weights ({}); import it again.":
        "Το {} δεν είναι ολόκληρο αρχείο βαρών ({})· φέρτε το ξανά.",
    "{}=true needs published weights{} for model_size={}, and none are here.":
        "Το {}=true χρειάζεται δημοσιευμένα βάρη{} για model_size={}, και εδώ δεν υπάρχουν.",
    "From a file (a distilled DeiT or an AST checkpoint): python -m workbench models import FILE":
        "Από αρχείο (distilled DeiT ή checkpoint του AST): python -m workbench models import FILE",
    "Or begin from scratch, without them: {}=false": "Ή αρχίστε από το μηδέν, χωρίς αυτά: {}=false",
    "With an internet connection: python -m workbench models fetch {}":
        "Με σύνδεση στο διαδίκτυο: python -m workbench models fetch {}",
    # Audio
    "{}: its arrays could not be written: {}. Mend it and run it again.":
        "{}: οι πίνακές του δεν γράφτηκαν: {}. Διορθώστε το και εκτελέστε το ξανά.",
    "the process that reads audio does not start (exit status {}); try one file by hand":
        "η διεργασία που διαβάζει ήχο δεν ξεκινά (κωδικός {})· δοκιμάστε ένα αρχείο με το χέρι",
    "{}: cannot be read as a table: {}": "{}: δεν διαβάζεται ως πίνακας: {}",
    "{}: is no regular file": "{}: δεν είναι κανονικό αρχείο",
    "{}: needs a column that names the file ({} …) and one with the label ({}); it has {}":
        "{}: χρειάζεται στήλη με το αρχείο ({} …) και μία με το label ({})· έχει {}",
    "{}: needs a column that names the track, and {}": "{}: χρειάζεται στήλη με το κομμάτι, και {}",
    "{}: {} has {}, which are not three numbers": "{}: το {} έχει {}, που δεν είναι τρεις αριθμοί",
    "{}: {} has {}; each should be from 0 to 1": "{}: το {} έχει {}· καθένα πρέπει να είναι από 0 έως 1",
    "{}: cannot be written ({+}); make room or give permission and start again, or choose another folder with --out":
        "{}: δεν γράφεται ({+})· κάντε χώρο ή δώστε δικαίωμα και ξεκινήστε πάλι, ή διαλέξτε άλλον φάκελο με --out",
    "{}: is a file, or lies in one; name a folder": "{}: είναι αρχείο, ή βρίσκεται μέσα σε αρχείο· ονομάστε φάκελο",
    "{}: not empty, and not made by an extraction; name a new folder":
        "{}: δεν είναι άδειος ούτε από εξαγωγή χαρακτηριστικών· ονομάστε νέο φάκελο",
    "{}: was begun with other settings ({}); use those, name another folder with --out, or give --replace to remove "
    "its clips and begin anew":
        "{}: άρχισε με άλλες ρυθμίσεις ({})· δώστε αυτές, ή άλλον φάκελο με --out, ή --replace για να αφαιρεθούν τα "
        "δείγματά του και να αρχίσει από την αρχή",
    "{}: holds clips that this extraction would not make; name another folder with --out, or give --replace to remove "
    "them":
        "{}: έχει δείγματα που αυτή η εξαγωγή δεν θα έφτιαχνε· ονομάστε άλλον φάκελο με --out, ή δώστε --replace "
        "για να αφαιρεθούν",
    "tracks whose files are not there any more, or have no label: {} ({})":
        "κομμάτια που τα αρχεία τους δεν υπάρχουν πια ή δεν έχουν label: {} ({})",
    "tracks whose files were altered since: {} ({})": "κομμάτια που τα αρχεία τους άλλαξαν από τότε: {} ({})",
    "tracks that labels or artists put into the other part now: {} ({})":
        "κομμάτια που τα labels ή οι καλλιτέχνες βάζουν τώρα στο άλλο σύνολο: {} ({})",
    "{}: holds arrays that were not made by this extraction: {} ({}); move them away, or name another folder with "
    "--out":
        "{}: έχει πίνακες που δεν έφτιαξε αυτή η εξαγωγή: {} ({})· μεταφέρετέ τους αλλού, ή ονομάστε άλλον φάκελο με "
        "--out",
    "tracks with another label than before: {}, {} for one ({} → {})":
        "κομμάτια με άλλο label από πριν: {}, για παράδειγμα {} ({} → {})",
    "removed of an earlier extraction: {} arrays": "αφαιρέθηκαν από προηγούμενη εξαγωγή: {} πίνακες",
    "breaks off after {} s of the {} s in its header; copy or download it again, or save what there is as a new file":
        "κόβεται μετά από {} s από τα {} s της κεφαλίδας του· αντιγράψτε το ή κατεβάστε το πάλι, ή αποθηκεύστε "
        "όσο υπάρχει ως νέο αρχείο",
    "breaks off after {} s; copy or download it again, or save what there is as a new file":
        "κόβεται μετά από {} s· αντιγράψτε το ή κατεβάστε το πάλι, ή αποθηκεύστε όσο υπάρχει ως νέο αρχείο",
    "does not say how long it is; install ffmpeg, or save it as a new file":
        "δεν λέει πόσο διαρκεί· εγκαταστήστε το ffmpeg, ή αποθηκεύστε το ως νέο αρχείο",
    "cannot be read as audio": "δεν διαβάζεται ως ήχος",
    "holds a sample that is not a finite number": "έχει ένα δείγμα ήχου που δεν είναι πεπερασμένος αριθμός",
    "is damaged: {}": "είναι χαλασμένο: {}", "cannot be read: {+}": "δεν διαβάζεται: {+}",
    "no label is known for it": "δεν είναι γνωστό το label του",
    "took longer than {} s": "πήρε πάνω από {} s", "its decoder crashed ({})": "ο αποκωδικοποιητής του κατέρρευσε ({})",
    "{}: {} audio files, none of which can be used; {}: {+}":
        "{}: {} αρχεία ήχου, και κανένα δεν χρησιμοποιείται· {}: {+}",
    "{} has no track in the {+} part: too few tracks or artists":
        "η κλάση {} δεν έχει κομμάτι στο {+}: πολύ λίγα κομμάτια ή καλλιτέχνες",
    "the labels put {} artists into both parts, {} for one":
        "τα labels βάζουν {} καλλιτέχνες και στα δύο σύνολα, για παράδειγμα {}",
    "{}: is missing; steps that need it cannot run": "λείπει το {}· τα βήματα που το χρειάζονται δεν εκτελούνται",
    "{}: lists no clips": "{}: δεν έχει κανένα δείγμα",
    "{}: 1 problem with the data, the first: {+}; `data check` lists all":
        "{}: 1 πρόβλημα με τα δεδομένα: {+}· το δείχνει και η εντολή `data check`",
    "{}: {} problems with the data, the first: {+}; `data check` lists all":
        "{}: {} προβλήματα με τα δεδομένα, το πρώτο: {+}· τα δείχνει όλα η εντολή `data check`",
    "only one clip each, kept for training: {}": "με ένα μόνο δείγμα, που μένει στην εκπαίδευση: {}",
    "longer than {} minutes; choose clips of it": "πάνω από {} λεπτά· διαλέξτε αποσπάσματά του",
    "silent": "σιωπή", "an empty file": "άδειο αρχείο", "not a regular file": "δεν είναι κανονικό αρχείο",
    "no such file": "δεν υπάρχει τέτοιο αρχείο",
    "sampled at {} Hz, at least {} Hz are needed":
        "έχει ρυθμό δειγματοληψίας {} Hz, χρειάζονται τουλάχιστον {} Hz",
    "too short: {} s, at least {} s are needed": "πολύ μικρό: {} s, χρειάζονται τουλάχιστον {} s",
    "{}: cannot be read as audio ({}); wav, flac, ogg and mp3 can":
        "{}: δεν διαβάζεται ως ήχος ({})· διαβάζονται wav, flac, ogg και mp3",
    "{}: no such audio file": "{}: δεν υπάρχει τέτοιο αρχείο ήχου",
    "{}: the audio holds no samples": "{}: ο ήχος δεν έχει δείγματα",
    "a silent clip: every sample is 0": "σιωπηλό δείγμα: όλες οι τιμές είναι 0",
    "sample {} of the clip is not a finite number": "η τιμή {} του δείγματος δεν είναι πεπερασμένος αριθμός",
    "librosa does not run on this machine: {}": "το librosa δεν τρέχει σε αυτό το μηχάνημα: {}",
    "{} is not installed; install the packages that the project's pyproject.toml names":
        "το {} δεν είναι εγκατεστημένο· εγκαταστήστε τα πακέτα που λέει το pyproject.toml",
    "{}: cannot be written ({+}); choose another cache folder": "{}: δεν γράφεται ({+})· διαλέξτε άλλον φάκελο cache",
    # Downloads, archives, reports
    "{} ({} is not there)": "{} (το {} δεν υπάρχει)",
    "This run has not kept what it said of each clip; the parts that train and test a classifier have. ({} is not "
    "there)":
        "Αυτή η εκτέλεση δεν κράτησε τι είπε για κάθε δείγμα· το κρατούν τα μέρη που εκπαιδεύουν και ελέγχουν "
        "ταξινομητή. (Το {} δεν υπάρχει)",
    "colour depth {} is unknown; choose one of {}": "άγνωστο βάθος χρώματος {}· διαλέξτε από τα {}",
    "palette {} is unknown; choose one of {}": "άγνωστη παλέτα {}· διαλέξτε από τις {}",
    "{}: the PDF could not be made: {}": "{}: το PDF δεν φτιάχτηκε: {}",
    "{}: the typesetter gave no PDF": "{}: ο στοιχειοθέτης δεν έδωσε PDF",
    "{} does not end with the digits of a SHA-256, so what comes could not be checked.":
        "Το {} δεν τελειώνει με τα ψηφία ενός SHA-256, άρα ό,τι έρθει δεν θα μπορούσε να ελεγχθεί.",
    "What came from Kaggle cannot be unpacked ({}). {+}": "Ό,τι ήρθε από το Kaggle δεν αποσυμπιέζεται ({}). {+}",
    "What came from Kaggle cannot be used ({}) {+}": "Ό,τι ήρθε από το Kaggle δεν χρησιμοποιείται ({}) {+}",
    "What came from Kaggle is not what it sent; it was thrown away. Start again.":
        "Ό,τι ήρθε από το Kaggle δεν είναι ό,τι έστειλε· πετάχτηκε. Ξεκινήστε πάλι.",
    "Without it: download {} in a browser, unpack it, and name its folder with --data.":
        "Χωρίς αυτό: κατεβάστε το {} με έναν browser, αποσυμπιέστε το, και δείξτε τον φάκελο με --data.",
    'kagglehub is not installed ({}). Install it with: pip install "lab-workbench[kaggle]"':
        'το kagglehub δεν είναι εγκατεστημένο ({}). Εγκαταστήστε το με: pip install "lab-workbench[kaggle]"',
    "{}: lists {} files, more than {}; nothing was unpacked":
        "{}: έχει {} αρχεία, πάνω από {}· δεν αποσυμπιέστηκε τίποτα",
    "{}: {} {}; nothing was unpacked": "{}: {} {}· δεν αποσυμπιέστηκε τίποτα",
    "{} is cut off": "το {} είναι κομμένο",
    "{} is there twice, as a file and a folder; nothing was imported":
        "το {} υπάρχει δύο φορές, ως αρχείο και ως φάκελος· δεν ήρθε τίποτα",
    "{}: claims to hold more than {}; nothing was imported": "{}: λέει ότι έχει πάνω από {}· δεν ήρθε τίποτα",
    "{}: holds more than {} files; nothing was imported": "{}: έχει πάνω από {} αρχεία· δεν ήρθε τίποτα",
    "{}: {} is {}; nothing was imported, export the session again":
        "{}: το {} είναι {}· δεν ήρθε τίποτα, εξάγετε ξανά τη συνεδρία",
    "{+}; nothing was imported": "{+}· δεν ήρθε τίποτα",
    "{+}; update the workbench": "{+}· ενημερώστε το πρόγραμμα",
    # The store
    "{}: not plain JSON data ({}); nothing was written": "{}: δεν είναι απλά δεδομένα JSON ({})· δεν γράφτηκε τίποτα",
    "{}: only plain files can be saved": "{}: αποθηκεύονται μόνο απλά αρχεία",
    "{}: the name {} is kept for the file's own checksum": "{}: το όνομα {} είναι για το άθροισμα ελέγχου του αρχείου",
    "{}: this name is kept for the manifest": "{}: αυτό το όνομα είναι για το manifest",
    "{}: an event's field cannot be named {}": "{}: πεδίο συμβάντος δεν γίνεται να λέγεται {}",
    "{}: does not hold note, tags and pin; remove it or restore it from a copy":
        "{}: δεν έχει σημείωση, ετικέτες και καρφίτσα· αφαιρέστε το ή επαναφέρετέ το από αντίγραφο",
    "{}: is there already; remove it first": "{}: υπάρχει ήδη· αφαιρέστε το πρώτα",
    "{} cannot be the name of a run's file; use one like figures/loss.png":
        "{}: δεν γίνεται όνομα αρχείου μιας εκτέλεσης· δώστε κάτι όπως figures/loss.png",
    "{}: its format {} is not a number; restore it from a copy":
        "{}: η μορφή του {} δεν είναι αριθμός· επαναφέρετέ το από αντίγραφο",
    "{}: the text holds half a character ({}); remove it": "{}: το κείμενο έχει μισό χαρακτήρα ({})· αφαιρέστε τον",
    "{}: {} cannot be changed": "{}: το {} δεν αλλάζει",
    # What the app refuses
    "There is no folder {}. Leave the field empty for the demo set.":
        "Δεν υπάρχει φάκελος {}. Αφήστε το πεδίο κενό για το σύνολο επίδειξης.",
    "Give a folder: {}.": "Δώστε φάκελο: {}.",
    "No session is open. Press F2 to open one or make one.":
        "Καμία συνεδρία δεν είναι ανοιχτή. Πατήστε F2 για άνοιγμα ή νέα.",
    "{} needs data, and this session has none. Press d to choose a folder, or F2 and d for a session on the demo set.":
        "Το {} χρειάζεται δεδομένα, και η συνεδρία δεν έχει. Πατήστε d για επιλογή φακέλου, ή F2 και d για "
        "συνεδρία στο "
        "σύνολο επίδειξης.",
    "Track {} cannot be looked up: the session has no data folder. d chooses one.":
        "Το κομμάτι {} δεν βρίσκεται: η συνεδρία δεν έχει φάκελο δεδομένων. Το d διαλέγει έναν.",
    "{} is no id of a track, so there is no file to read.": "Το {} δεν είναι id κομματιού, άρα δεν υπάρχει αρχείο.",
    "Track {} is not on this map.": "Το κομμάτι {} δεν είναι σε αυτόν τον χάρτη.",
    "{} could not be drawn as sixels: {}": "το {} δεν σχεδιάστηκε ως sixels: {}",
    "{} is no PNG file.": "Το {} δεν είναι αρχείο PNG.",
    "Give the folder that holds fma_genre_spectrograms; esc and d takes the demo set.":
        "Δώστε τον φάκελο που περιέχει το fma_genre_spectrograms· esc και d για το σύνολο επίδειξης.",
    "Give the path of an exported session (.tar.gz); tab completes it.":
        "Δώστε τη θέση μιας συνεδρίας που εξήχθη (.tar.gz)· το tab συμπληρώνει.",
    "events.jsonl was cut: the curve has epochs {} to {} from the checkpoint, without times.":
        "Το events.jsonl κόπηκε: η καμπύλη έχει τις εποχές {} ως {} από το checkpoint, χωρίς χρόνους.",
    # Tables, packs and folders
    "{}: is no JSON or TOML table of classes ({})": "{}: δεν είναι πίνακας κλάσεων σε JSON ή TOML ({})",
    "{} is no CSV of digits: {}.": "Το {} δεν είναι CSV ψηφίων: {}.",
    "{}: numbers of type {}; digits are unsigned bytes (0x08).":
        "{}: αριθμοί τύπου {}· τα ψηφία είναι bytes χωρίς πρόσημο (0x08).",
    "{}: {} labels for the {} pictures of {}.": "{}: {} labels για τις {} εικόνες του {}.",
    "the name {} has a path in it": "το όνομα {} έχει μέσα διαδρομή",
    "rows {} are not a range of the {} rows of a clip": "οι γραμμές {} δεν είναι περιοχή των {} γραμμών ενός δείγματος",
    "{}: packing {} needs {+} and {+} are free; make room, or keep the cache elsewhere (WORKBENCH_CACHE_DIR)":
        "{}: το πακετάρισμα του {} θέλει {+} και είναι ελεύθερα {+}· κάντε χώρο, ή βάλτε αλλού την cache "
        "(WORKBENCH_CACHE_DIR)",
    "{}: a pack cannot be written ({+}); make room, or keep the cache elsewhere (WORKBENCH_CACHE_DIR)":
        "{}: ένα πακέτο δεν γράφεται ({+})· κάντε χώρο, ή βάλτε αλλού την cache (WORKBENCH_CACHE_DIR)",
    "track ids should be a list in which none repeats": "τα ids των κομματιών πρέπει να είναι λίστα χωρίς επανάληψη",
    "{} ids and labels of shape {}": "{} ids και labels διαστάσεων {}",
    "{} ids and {} rows of affect values": "{} ids και {} γραμμές τιμών συναισθήματος",
    "{}: a line of it cannot be read ({+}); remove the file to begin again":
        "{}: μια γραμμή του δεν διαβάζεται ({+})· αφαιρέστε το αρχείο για να αρχίσει από την αρχή",
    "{}: is not text in UTF-8; save it as CSV in UTF-8": "{}: δεν είναι κείμενο UTF-8· αποθηκεύστε το ως CSV σε UTF-8",
    "{}: larger than {} MB, which no table of labels is": "{}: πάνω από {} MB, που δεν έχει κανένας πίνακας με labels",
    "{}: the split {} of {} is neither train nor test": "{}: το split {} του {} δεν είναι ούτε train ούτε test",
    "{}: {} audio files, none of which can be used": "{}: {} αρχεία ήχου, και κανένα δεν χρησιμοποιείται",
    "{}: not a plan of an extraction; move it away to plan anew":
        "{}: δεν είναι σχέδιο εξαγωγής· μετακινήστε το για να γίνει νέο",
    "{}: there is no such folder of audio": "{}: δεν υπάρχει τέτοιος φάκελος ήχου",
    "a clip of {} samples: at least {} ({} s) are needed": "δείγμα με {} τιμές: χρειάζονται τουλάχιστον {} ({} s)",
    "a waveform of shape {}: one channel is needed, take the mean of the channels":
        "κυματομορφή διαστάσεων {}: χρειάζεται ένα κανάλι, πάρτε τον μέσο των καναλιών",
    "{}: holds no model of the lab; `models export` writes one":
        "{}: δεν έχει μοντέλο του εργαστηρίου· ένα γράφει η εντολή `models export`",
    "{}: the merge table drops every genre of the index; see 4β.":
        "{}: ο πίνακας συγχώνευσης αφαιρεί κάθε είδος του ευρετηρίου· δείτε το 4β.",
    "track is {}, which is not in the test set of {} ({} … are).":
        "track: είναι {}, που δεν υπάρχει στο test set του {} (υπάρχουν {} …).",
    "{}: its tracks differ from those of its beat-synchronous twin; see `data check`.":
        "{}: τα κομμάτια του διαφέρουν από του αντίστοιχου ανά beat· δείτε την εντολή `data check`.",
    "downloading {} into {}": "λήψη του {} στο {}",
    "{}: what came from Kaggle has none of the lab's folders; look there, or remove it and start again":
        "{}: ό,τι ήρθε από το Kaggle δεν έχει κανέναν φάκελο του εργαστηρίου· κοιτάξτε εκεί, ή αφαιρέστε το και "
        "ξεκινήστε πάλι",
    "{}: a header of {} is not a session's; nothing was imported":
        "{}: μια κεφαλίδα {} δεν είναι συνεδρίας· δεν ήρθε τίποτα",
    "{}: {} is of another format; written by a newer version?":
        "{}: το {} έχει άλλη μορφή· το έγραψε νεότερη έκδοση;",
    "{}: not a list of requests; it is replaced by the next request":
        "{}: δεν είναι λίστα αιτημάτων· το αντικαθιστά το επόμενο αίτημα",
    "{}: {} is {}, which is not of kind {}; correct it": "{}: το {} είναι {}, που δεν είναι είδους {}· διορθώστε το",
    "{}: no file of track {} is there any more; `data check` tells what is missing.":
        "{}: δεν υπάρχει πια αρχείο του κομματιού {}· η εντολή `data check` λέει τι λείπει.",
    "A learning rate cannot be {}: it takes a number above 0, at most 1.":
        "Ο ρυθμός μάθησης δεν γίνεται {}: παίρνει αριθμό πάνω από 0, έως 1.",
    # What the system says
    "No such file or directory": "δεν υπάρχει τέτοιο αρχείο ή φάκελος", "Permission denied": "δεν έχετε δικαίωμα",
    "Operation not permitted": "δεν επιτρέπεται",
    "Is a directory": "είναι φάκελος", "Not a directory": "δεν είναι φάκελος",
    "No space left on device": "δεν έχει μείνει χώρος στον δίσκο",
    "Read-only file system": "το σύστημα αρχείων είναι μόνο για ανάγνωση",
    # Lists of parts that ended early
    "its process was killed, or power was lost": "η διεργασία της σκοτώθηκε, ή κόπηκε το ρεύμα",
    "it was asked to end": "της ζητήθηκε να τελειώσει",
    "The list {} ended at {}: {+}. Not run: {}. `run {}` runs what is left.":
        "Η λίστα {} τελείωσε στο {}: {+}. Δεν εκτελέστηκαν: {}. Η εντολή `run {}` εκτελεί ό,τι μένει.",
    "The list {} ended at {}: {+}. Not run: {}. Asked for again with its values ({+}), it goes on with what is left.":
        "Η λίστα {} τελείωσε στο {}: {+}. Δεν εκτελέστηκαν: {}. Αν ζητηθεί ξανά με τις τιμές της ({+}), συνεχίζει με "
        "ό,τι μένει.",
    "The list {} ended at {}: {+}. Not run: {}. Asked for again, it goes on with what is left.":
        "Η λίστα {} τελείωσε στο {}: {+}. Δεν εκτελέστηκαν: {}. Αν ζητηθεί ξανά, συνεχίζει με ό,τι μένει.",
}  # fmt: skip
