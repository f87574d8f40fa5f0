"""What steps 9 to 11 write of transfer, shared networks and maps, in Greek; part of the table of `labsteps.greek`."""

from __future__ import annotations

PHRASES = {
    "output layer: accuracy of the model itself": "επίπεδο εξόδου: το accuracy του ίδιου του μοντέλου",
    "largest class: what a vote for it alone would get": "μεγαλύτερη κλάση: όσο θα έβρισκε η ψήφος μόνο για αυτήν",
    "none": "κανένα",
    # 9 and 10
    "Held-out tracks, {}": "Κρατημένα κομμάτια, {}",
    "ridge regression ({})": "παλινδρόμηση ridge ({})",
    "constant ({})": "σταθερή πρόβλεψη ({})",
    "transferred ({})": "με μεταφορά ({})",
    "from scratch, as long ({})": "από το μηδέν, ίσης διάρκειας ({})",
    "{} × {} (step {})": "{} × {} (βήμα {})",
    "multitask ({})": "κοινό ({})",
    "Transferred: run {} of {}. Step {}: run {} of {}.":
        "Με μεταφορά: εκτέλεση {} του {}. Βήμα {}: εκτέλεση {} του {}.",
    "The backbone is that of {} (run {}, {}), unfrozen from the top, a layer group every {} epoch, at {} times the "
    "head's learning rate. Best epoch {} of {} by {} on the {} validation clips; training ended: {}. The {} held-out "
    "clips were heard once, whole, by those weights.":
        "Ο κορμός είναι του {} (εκτέλεση {}, {}), ξεπαγώνει από την κορυφή, μία ομάδα επιπέδων ανά {} εποχή, με {} "
        "φορές τον ρυθμό μάθησης της κεφαλής. Καλύτερη εποχή {} από {} με {} στα {} δείγματα validation· τέλος "
        "εκπαίδευσης: {}. Τα {} κρατημένα δείγματα ακούστηκαν μία φορά, ολόκληρα, με αυτά τα βάρη.",
    "The backbone is that of {} (run {}, {}), {}. Best epoch {} of {} by {} on the {} validation clips; training "
    "ended: {}. The {} held-out clips were heard once, whole, by those weights.":
        "Ο κορμός είναι του {} (εκτέλεση {}, {}), {}. Καλύτερη εποχή {} από {} με {} στα {} δείγματα validation· τέλος "
        "εκπαίδευσης: {}. Τα {} κρατημένα δείγματα ακούστηκαν μία φορά, ολόκληρα, με αυτά τα βάρη.",
    "frozen: only the head learns": "παγωμένος: μαθαίνει μόνο η κεφαλή",
    "weighted sum of losses ({})": "σταθμισμένο άθροισμα των κοστών ({})",
    "Logits and targets of shape {} go in, and {} comes out. Without weights {} has the largest loss on these tracks "
    "and pulls the shared layers most. scaled divides each loss by that of the constant prediction on the training "
    "part, so that every axis begins at 1; learnt begins with half of those weights, each σ² at its loss, "
    "and follows the losses from then on.":
        "Μπαίνουν logits και στόχοι σχήματος {} και βγαίνει {}. Χωρίς βάρη ο άξονας {} έχει το μεγαλύτερο κόστος σε "
        "αυτά τα κομμάτια και τραβά περισσότερο τα κοινά επίπεδα. Το scaled διαιρεί κάθε κόστος με εκείνο της σταθερής "
        "πρόβλεψης στην εκπαίδευση, ώστε κάθε άξονας να αρχίζει από το 1· το learnt αρχίζει με τα μισά βάρη, με "
        "κάθε σ² ίσο με το κόστος του, και έπειτα ακολουθεί τα κόστη.",
    "One {} with {} outputs; each loss counts in units of the constant prediction's ({}). It saw {} clips in training.":
        "Ένα {} με {} εξόδους· κάθε κόστος μετρά σε μονάδες εκείνου της σταθερής πρόβλεψης ({}). Άκουσε {} δείγματα "
        "στην εκπαίδευση.",
    "clips seen in training, each as often as it was; the network, the crops and so the work a clip are the same. "
    "Overfit checks and evaluation are not counted":
        "δείγματα που ακούστηκαν στην εκπαίδευση, καθένα όσες φορές· το δίκτυο, τα αποσπάσματα και άρα η δουλειά ανά "
        "δείγμα είναι ίδια. Οι έλεγχοι υπερεκπαίδευσης και η αξιολόγηση δεν μετρούν",
    # 11
    "it takes two classes, and two tracks in one of them":
        "χρειάζονται δύο κλάσεις, και δύο κομμάτια σε μία από αυτές",
    "output as stored: share of tracks for which the output layer, given the vector, says what the run said":
        "έξοδος όπως αποθηκεύτηκε: ποσοστό κομματιών για τα οποία το επίπεδο εξόδου, με αυτό το διάνυσμα, λέει ό,τι "
        "είπε η εκτέλεση",
    "the test set has no say in the choice": "το test set δεν παίζει ρόλο στην επιλογή",
    "how TensorBoard's projector finds the rest": "πώς βρίσκει τα υπόλοιπα ο projector του TensorBoard",
    "vectors of {}, {}": "διανύσματα του {}, {}",
    "track id, class, predicted class": "αριθμός κομματιού, κλάση, πρόβλεψη",
    "the vectors as text": "τα διανύσματα ως κείμενο",
    "their labels as text": "τα labels τους ως κείμενο",
    "in the run's folder; tensorboard --logdir FOLDER/latent opens them, and so does any projector of TSV files":
        "στον φάκελο της εκτέλεσης· τα ανοίγει το tensorboard --logdir ΦΑΚΕΛΟΣ/latent, και κάθε projector αρχείων TSV",
    "The best and the worst model are chosen by macro-F1 on the validation part. A vector is what the output layer is "
    "given for a whole clip in evaluation mode.":
        "Το καλύτερο και το χειρότερο μοντέλο επιλέγονται με macro-F1 στο validation. Διάνυσμα είναι ό,τι δέχεται το "
        "επίπεδο εξόδου για ένα ολόκληρο δείγμα σε λειτουργία αξιολόγησης.",
    "k-NN accuracy: share of tracks whose class the k nearest other tracks vote for":
        "accuracy k-NN: ποσοστό κομματιών με την κλάση που ψηφίζουν τα k κοντινότερα άλλα κομμάτια",
    "silhouette: 1 deep in the own class, 0 between two, −1 deep in another":
        "silhouette: 1 βαθιά στη δική του κλάση, 0 ανάμεσα σε δύο, −1 βαθιά σε άλλη",
    "from, to: 95 % intervals": "από, έως: διαστήματα 95 %",
    "variance: part of it that these axes explain": "διασπορά: το μέρος της που εξηγούν αυτοί οι άξονες",
    "first minus second, with its 95 % interval from resampled tracks":
        "πρώτο μείον δεύτερο, με διάστημα 95 % (bootstrap στα κομμάτια)",
    "p: McNemar's exact test of the votes, then adjusted for the number of rows":
        "p: ακριβής έλεγχος McNemar των ψήφων, έπειτα διορθωμένο για το πλήθος των γραμμών",
    "continuity": "συνέχεια",
    "trust": "πιστότητα γειτόνων",
    "faithful: mean of trustworthiness (neighbours on the map are neighbours in the space) and continuity (neighbours "
    "in the space stay neighbours on the map), 1 at best":
        "πιστότητα: μέσος του trustworthiness (οι γείτονες στον χάρτη είναι γείτονες και στον χώρο) και του continuity "
        "(οι γείτονες στον χώρο μένουν γείτονες στον χάρτη), 1 το άριστο",
    "means over the models": "μέσοι στα μοντέλα",
    "{}: perplexity {} needs {} tracks, there are {}": "{}: το perplexity {} χρειάζεται {} κομμάτια, υπάρχουν {}",
    "on the same tracks, with its 95 % interval": "στα ίδια κομμάτια, με διάστημα 95 %",
    "By k-NN accuracy {} separates the classes best: {} with {} neighbours in its whole space. Against {} it is {}, "
    "which could be chance. By silhouette it is {}.":
        "Με accuracy k-NN το {} διαχωρίζει καλύτερα τις κλάσεις: {} με {} γείτονες σε όλο τον χώρο του. Απέναντι στο "
        "{} η διαφορά είναι {}, που μπορεί να είναι τύχη. Με silhouette προηγείται: {}.",
    "By k-NN accuracy {} separates the classes best: {} with {} neighbours in its whole space. Against {} it is {}, "
    "the interval leaves out 0. By silhouette it is {}.":
        "Με accuracy k-NN το {} διαχωρίζει καλύτερα τις κλάσεις: {} με {} γείτονες σε όλο τον χώρο του. Απέναντι στο "
        "{} η διαφορά είναι {} και το διάστημα αφήνει έξω το 0. Με silhouette προηγείται: {}.",
    "the same": "το ίδιο",
    "The worst model of step 5 on the validation part is {}.": "Το χειρότερο μοντέλο του βήματος 5 στο validation: {}.",
    "{} less it: k-NN accuracy {}, silhouette {}.": "{} μείον αυτό: accuracy k-NN {}, silhouette {}.",
    "In {} {} is the most faithful over the models: {}, {} against PCA; classes are told apart best on the map of {} "
    "(k-NN accuracy {}).":
        "Σε {} πιο πιστή σε όλα τα μοντέλα είναι η {}: {}, {} απέναντι στην PCA· οι κλάσεις ξεχωρίζουν καλύτερα στον "
        "χάρτη της {} (accuracy k-NN {}).",
    "The best of several settings was found with the very tracks that score it, so its lead is a little too large.":
        "Η καλύτερη από πολλές ρυθμίσεις βρέθηκε με τα ίδια κομμάτια που τη βαθμολογούν, οπότε το προβάδισμά της είναι "
        "λίγο μεγαλύτερο από το πραγματικό.",
    "{} in {}D": "{} σε {}D",
}  # fmt: skip
