"""What step 8 writes, in Greek; part of the table of `labsteps.greek`."""

from __future__ import annotations

PHRASES = {
    # Titles
    "Networks with a regression head": "Δίκτυα με κεφαλή παλινδρόμησης",
    "The losses of these predictions": "Τα κόστη αυτών των προβλέψεων",
    "Training tracks, from the lowest value to the highest, and predictions for them":
        "Κομμάτια εκπαίδευσης, από τη χαμηλότερη τιμή στην υψηλότερη, και προβλέψεις για αυτά",
    "What changes against classification": "Τι αλλάζει σε σχέση με την ταξινόμηση",
    "Loss of one error": "Κόστος ενός σφάλματος",
    "{} on the held-out tracks": "{} στα κρατημένα κομμάτια",
    "{} on the held-out tracks, {}": "{} στα κρατημένα κομμάτια, {}",
    "Spearman correlation on the held-out tracks": "Συσχέτιση Spearman στα κρατημένα κομμάτια",
    "Spearman correlation on the held-out tracks, {}": "Συσχέτιση Spearman στα κρατημένα κομμάτια, {}",
    "Spearman correlation in pairs, first minus second": "Συσχέτιση Spearman ανά ζεύγη, πρώτο μείον δεύτερο",
    "Trainings": "Εκπαιδεύσεις",
    "Mean over the axes": "Μέσος όρος στους άξονες",
    "Spearman over the epochs": "Spearman ανά εποχή",
    "Spearman over the epochs, {}": "Spearman ανά εποχή, {}",
    "Overfit check on {} clips, {}": "Έλεγχος υπερεκπαίδευσης σε {} δείγματα, {}",
    # Axes, headings and cells
    "mean squared error": "μέσο τετραγωνικό σφάλμα",
    "mean absolute error": "μέσο απόλυτο σφάλμα",
    "Huber loss, delta {}": "κόστος Huber, δ = {}",
    "1 − concordance correlation": "1 − συσχέτιση συμφωνίας",
    "prediction less truth": "πρόβλεψη μείον αλήθεια",
    "true {}": "αληθινό {}",
    "predicted {}": "πρόβλεψη {}",
    "ridge regression": "παλινδρόμηση ridge",
    "constant": "σταθερή πρόβλεψη",
    "constant mean": "σταθερός μέσος",
    "untrained {}": "ανεκπαίδευτο {}",
    "prediction": "πρόβλεψη",
    "backbone": "κορμός",
    "head": "κεφαλή",
    "classification": "ταξινόμηση",
    "regression": "παλινδρόμηση",
    "of": "από",
    "validation Spearman": "Spearman validation",
    "validation loss": "σφάλμα validation",
    "overfit loss": "σφάλμα ελέγχου",
    "to get below": "όριο",
    "check": "έλεγχος",
    "passed": "επιτυχία",
    "failed": "αποτυχία",
    "outputs": "έξοδοι",
    "target": "στόχος",
    "loss takes": "είσοδος του κόστους",
    "begins at": "αφετηρία",
    "best epoch by": "καλύτερη εποχή με",
    "main score": "κύρια τιμή",
    "to beat": "προς σύγκριση",
    "a score a class": "μία τιμή ανά κλάση",
    "a number an axis": "ένας αριθμός ανά άξονα",
    "class code": "κωδικός κλάσης",
    "values in 0…1": "τιμές στο 0…1",
    "(B, C) and (B,)": "(B, C) και (B,)",
    "(B, A) and (B, A) only": "μόνο (B, A) και (B, A)",
    "MSE, L1, Huber or 1 − CCC": "MSE, L1, Huber ή 1 − CCC",
    "near equal chances": "σχεδόν ίσες πιθανότητες",
    "the training mean, exactly": "ακριβώς ο μέσος του train",
    "Spearman or loss": "Spearman ή σφάλμα",
    "Spearman; MSE, MAE beside it": "Spearman· δίπλα MSE, MAE",
    "most frequent class": "πολυπληθέστερη κλάση",
    "constant mean, ridge": "σταθερός μέσος, ridge",
    "{}, overfit check": "{}, έλεγχος υπερεκπαίδευσης",
    # Notes
    "intervals of 95 % from resampled tracks": "διαστήματα 95 % (bootstrap κομματιών)",
    "from, to: 95 % interval of the mean": "από, έως: διάστημα 95 % του μέσου",
    "no {} for {}, {}": "χωρίς {} για {}, {}",
    "the predictions are all the same, so they have no order":
        "οι προβλέψεις είναι όλες ίδιες, άρα δεν έχουν διάταξη",
    "intervals of 95 % from resampled tracks, each with both of its predictions":
        "διαστήματα 95 % (bootstrap κομματιών, καθένα με τις δύο προβλέψεις του)",
    # Texts
    "Best epoch {} of {} by {} on the {} validation clips; training ended: {}. The {} held-out clips were heard once, "
    "whole, by those weights.":
        "Καλύτερη εποχή {} από {} με {} στα {} δείγματα validation· τέλος εκπαίδευσης: {}. Τα {} κρατημένα δείγματα "
        "ακούστηκαν μία φορά, ολόκληρα, με αυτά τα βάρη.",
    "The scores of {} that lead are those of the {}, by the {} on the validation part. The {} held-out tracks are the "
    "same for every model, axis and seed.":
        "Για {} προηγούνται οι τιμές του {}, με {} στο validation. Τα {} κρατημένα κομμάτια είναι τα ίδια για κάθε "
        "μοντέλο, άξονα και seed.",
    "{} held-out tracks, the same for every model and axis; nobody trained, stopped or chose on them. The scores that "
    "lead are those of the {}, by the mean Spearman correlation on the validation parts. From the runs {}.":
        "{} κρατημένα κομμάτια, τα ίδια για κάθε μοντέλο και άξονα· κανένα δεν χρησιμοποιήθηκε σε εκπαίδευση, διακοπή "
        "ή επιλογή. Προηγούνται οι τιμές του {}, με τη μέση συσχέτιση Spearman στα validation. Από τις εκτελέσεις {}.",
    "Predictions of the {} for {} unlabelled tracks, in Kaggle's form: {}":
        "Προβλέψεις του {} για {} κομμάτια χωρίς τιμές, στη μορφή του Kaggle: {}",
    "{} holds no tracks, so there is no Kaggle file.": "Ο φάκελος {} δεν έχει κομμάτια, άρα δεν υπάρχει αρχείο Kaggle.",
    "Only the head and the loss differ from the classifiers: one output for {} in place of one a class. Squared error "
    "by hand, {} with a random head: {}. Each loss takes outputs and targets of one and the same shape (B, A) and "
    "refuses any other, for (B, 1) against (B,) would be broadcast to (B, B) and teach the network the mean. The head "
    "begins with weights 0 and the training part's mean as its bias, so that training starts from the constant "
    "prediction.":
        "Από τους ταξινομητές διαφέρουν μόνο η κεφαλή και το κόστος: μία έξοδος για {} αντί για μία ανά κλάση. Το "
        "τετραγωνικό σφάλμα με το χέρι, {} με τυχαία κεφαλή: {}. Κάθε κόστος δέχεται εξόδους και στόχους ίδιου "
        "σχήματος (B, A) και απορρίπτει κάθε άλλο, γιατί (B, 1) με (B,) θα γινόταν (B, B) και το δίκτυο θα μάθαινε τον "
        "μέσο. Η κεφαλή ξεκινά με βάρη 0 και bias τον μέσο του train, ώστε η εκπαίδευση να αρχίζει από τη σταθερή "
        "πρόβλεψη.",
}  # fmt: skip
