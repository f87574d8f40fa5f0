"""In Greek: what the run, the machine, the report's check and the network from inside say; names of results' pages."""

from __future__ import annotations

import re

PHRASES = {
    # The run
    "epoch {}/{}": "εποχή {}/{}", "step {}": "βήμα {}", "{} s/epoch": "{} s/εποχή", "gradient {}": "κλίση {}",
    "best {} (epoch {})": "καλύτερο {} (εποχή {})", "training {} of {}": "εκπαίδευση {} από {}",
    "training {}": "εκπαίδευση {}", "ETA {}": "απομένουν {}",
    "about {} still": "ακόμη περίπου {}", "about {} to run again": "περίπου {} για νέα εκτέλεση",
    "about {} without what it builds on": "περίπου {} χωρίς όσα προϋποθέτει",
    "1 training to come, {}": "μένει άλλη 1 εκπαίδευση, {}",
    "{} trainings to come, {}": "μένουν άλλες {} εκπαιδεύσεις, {}",
    "this training {}, and {} more of which no time is known":
        "αυτή η εκπαίδευση: {}, και άλλες {} χωρίς γνωστό χρόνο", "train loss {}": "σφάλμα train {}",
    "validation loss {}": "σφάλμα validation {}", "{} before it on this device": "πριν από αυτήν στη συσκευή: {}",
    # The machine
    "{} of {} free": "{} από {} ελεύθερα", "little space": "λίγος χώρος", "load {}": "φόρτος {}",
    "{} threads": "{} νήματα",
    # A table
    "{} of {} columns; page down for the others": "{} από {} στήλες· page down για τις άλλες",
    # The report's check
    "{=}: no finished run": "{}: καμία έτοιμη εκτέλεση",
    "{=}: the question has no answer": "{}: η ερώτηση δεν έχει απάντηση",
    "{=}: this version cannot run it yet": "{}: αυτή η έκδοση δεν το εκτελεί ακόμη",
    "its newest result is of other data than the session has now":
        "το νεότερο αποτέλεσμά του είναι από άλλα δεδομένα από αυτά που έχει τώρα η συνεδρία",
    "trained on subset = {} clips only": "εκπαιδεύτηκε μόνο σε subset = {} δείγματα",
    "it builds on run {} of {}, and {} is newer; run it again":
        "στηρίζεται στην εκτέλεση {} του {}, και η {} είναι νεότερη· εκτελέστε το ξανά",
    # Inside the network
    "your drawing": "δικό σας σχέδιο", "held-out {}, no. {}": "ψηφίο {}, αρ. {}",
    "held-out {}, no. {}, changed": "ψηφίο {}, αρ. {}, αλλαγμένο", "pen up": "γραφίδα πάνω",
    "pen down": "γραφίδα κάτω", "rubber down": "γόμα κάτω", "row {} col {}": "γρ. {} στ. {}",
    "{} zeros": "{} μηδενικά", "epoch {} of {}": "εποχή {} από {}",
    "epoch {} of {}, best": "εποχή {} από {}, η καλύτερη",
    "epoch {} of {}, untrained": "εποχή {} από {}, χωρίς εκπαίδευση",
    "filters of convolution 1": "φίλτρα του convolution 1", "output": "έξοδος",
    "10 scores, softmax beside them": "10 τιμές, δίπλα το softmax", "what each epoch says": "τι λέει κάθε εποχή",
    "{}, channel {}": "{}, κανάλι {}", "after epochs {}": "μετά τις εποχές {}", "says {}, {}": "λέει {}, {}",
}  # fmt: skip

# Words of the names that results give their tables and figures; names of features and models stay.
_PAGE_WORDS = {
    "values": "τιμές", "confusion": "σύγχυση", "per class": "ανά κλάση", "scores": "μετρικές", "losses": "σφάλματα",
    "loss": "σφάλμα", "overfit check": "έλεγχος υπερεκπαίδευσης", "overfit": "υπερεκπαίδευση", "settings": "ρυθμίσεις",
    "over epochs": "ανά εποχή", "probabilities": "πιθανότητες", "filters": "φίλτρα", "classes": "κλάσεις",
    "comparisons": "συγκρίσεις", "comparison": "σύγκριση", "differences": "διαφορές", "models": "μοντέλα",
    "methods": "μέθοδοι", "maps": "χάρτες", "planes": "επίπεδα", "truth": "αλήθεια", "weights": "βάρη",
    "uncertainty": "αβεβαιότητα", "tracks": "κομμάτια", "trainings": "εκπαιδεύσεις", "splits": "διαχωρισμοί",
    "sources": "πηγές", "shapes": "σχήματα", "separation": "διαχωρισμός", "parts": "μέρη", "pairs": "ζεύγη",
    "operations": "πράξεις", "layers": "επίπεδα δικτύου", "lengths": "διάρκειες", "genres": "είδη", "files": "αρχεία",
    "correlations": "συσχετίσεις", "cost": "κόστος", "compute": "υπολογισμοί", "changes": "αλλαγές",
    "candidates": "υποψήφια", "axes": "άξονες", "attention": "προσοχή", "clips": "δείγματα", "patches": "τμήματα",
    "example": "παράδειγμα", "input": "είσοδος", "first": "πρώτο", "second": "δεύτερο", "worst": "χειρότερο",
    "before": "πριν", "after": "μετά", "raw": "αρχικά", "mean": "μέσο", "against": "έναντι", "frames": "πλαίσια",
    "beats": "χτύποι", "majority": "πλειοψηφίας", "classical": "κλασικά", "variance": "διασπορά",
    "warnings": "προειδοποιήσεις", "tree": "δέντρο", "devices": "συσκευές", "shared": "κοινά", "merge": "συγχώνευση",
    "measured": "μετρημένα", "learning": "μάθηση", "grid": "πλέγμα", "rows": "γραμμές", "item": "δείγμα",
    "single": "μόνα", "time": "χρόνος", "sums": "αθροίσματα", "less": "μείον", "settling": "σταθεροποίηση",
    "table": "πίνακας",
}  # fmt: skip
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_PAGE_WORDS, key=len, reverse=True))})\b")


def page_title(title: str, language: str) -> str:
    """Return the name of a page of a result in ``en`` or ``el``."""
    return _WORD.sub(lambda found: _PAGE_WORDS[found.group()], title) if language == "el" else title
