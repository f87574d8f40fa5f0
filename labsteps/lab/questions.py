"""The lab's questions and what of a session speaks to each; part of the catalogue, like `labsteps.lab`.

The reference notes are in `labsteps.notes`; they never count as an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labsteps.text import Text

_SCORES = ("6α", "6β", "6γ", "6δ")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what speaks to it.

    Attributes
    ----------
    text
        None where a part asks nothing.
    evidence
        Parts whose results are evidence for the answer.
    illustration
        ``module:name`` of a function ``() -> Result`` that draws what needs no data.
    """

    text: Text | None
    evidence: tuple[str, ...] = ()
    illustration: str = ""


QUESTIONS: Mapping[str, Question] = {
    "1δ": Question(
        Text(
            "What is the mel scale, how did it come about, and why is it used for music?",
            "Ποια είναι η κλίμακα mel, πώς δημιουργήθηκε και γιατί τη χρησιμοποιούμε για μουσικά σήματα;",
        ),
        evidence=("1γ",),
        illustration="labsteps.steps.s01_mel:mel_scale",
    ),
    "2α": Question(
        Text(
            "How many time steps do the spectrograms of step 1 have? Is it efficient to train an LSTM on them, "
            "and why?",
            "Πόσα χρονικά βήματα έχουν τα φασματογραφήματα του βήματος 1; Είναι αποδοτικό να εκπαιδευτεί ένα LSTM "
            "πάνω τους, και γιατί;",
        ),
        evidence=("2α",),
    ),
    "2β": Question(
        Text(
            "How do the beat-synchronous spectrograms differ from the original ones? What is kept and what is lost?",
            "Σε τι διαφέρουν τα φασματογραφήματα ανά beat από τα αρχικά; Τι διατηρείται και τι χάνεται;",
        ),
        evidence=("2β", "1γ"),
    ),
    "3": Question(
        Text(
            "What do the chromagrams show of the two tracks, raw and by beats, and how do the tracks differ?",
            "Τι δείχνουν τα χρωμογραφήματα των δύο κομματιών, αρχικά και ανά beat, και σε τι διαφέρουν τα κομμάτια;",
        ),
        evidence=("3",),
    ),
    "4α": Question(
        Text(
            "What does the data set return for an item, and what does each operation on the way do?",
            "Τι επιστρέφει το Dataset για ένα δείγμα, και τι κάνει καθεμία από τις λειτουργίες που εκτελούνται;",
        ),
        evidence=("4α", "4β", "4γ"),
    ),
    "6ε": Question(
        Text(
            "What do accuracy, precision, recall and F1 show?",
            "Τι δείχνουν το accuracy, το precision, το recall και το F1;",
        ),
        evidence=_SCORES,
    ),
    "6ζ": Question(
        Text(
            "What do the micro and the macro averages of precision, recall and F1 show?",
            "Τι δείχνουν οι micro και οι macro μέσοι όροι των precision, recall και F1;",
        ),
        evidence=_SCORES,
    ),
    "6η": Question(
        Text(
            "When can accuracy and F1 differ much, and what does it mean?",
            "Πότε μπορεί να αποκλίνουν πολύ το accuracy και το F1, και τι σημαίνει αυτό;",
        ),
        evidence=_SCORES,
    ),
    "6θ": Question(
        Text(
            "When can micro-F1 and macro-F1 differ much, and what does it mean?",
            "Πότε μπορεί να αποκλίνουν πολύ το micro-F1 και το macro-F1, και τι σημαίνει αυτό;",
        ),
        evidence=_SCORES,
    ),
    "6ι": Question(
        Text(
            "Are there problems where precision matters more than recall, and the other way round? Is a good accuracy "
            "or F1 enough there to choose a model? Which of these metrics would you choose for this problem?",
            "Υπάρχουν προβλήματα όπου το precision μας ενδιαφέρει περισσότερο από το recall, και αντίστροφα; Αρκεί "
            "εκεί μια καλή τιμή accuracy ή F1 για την επιλογή μοντέλου; Ποια μετρική θα επιλέγατε σε αυτό το πρόβλημα;",
        ),
        evidence=_SCORES,
    ),
    "7.1α": Question(
        Text(
            "What do the filters and the activations of each layer show for a digit, and how do they change during "
            "training?",
            "Τι δείχνουν τα φίλτρα και οι ενεργοποιήσεις κάθε επιπέδου για ένα ψηφίο, και πώς αλλάζουν κατά την "
            "εκπαίδευση;",
        ),
        evidence=("7.1α",),
    ),
    "7.2α": Question(
        Text(
            "How does the Audio Spectrogram Transformer (arXiv 2104.01778) work?",
            "Πώς λειτουργεί το Audio Spectrogram Transformer (arXiv 2104.01778);",
        ),
        evidence=("7.2α", "7.2β"),
    ),
    "7.1γ": Question(
        Text(
            "What do convolution, batch normalisation, ReLU and max pooling do, and what is the role of each?",
            "Ποια είναι η λειτουργία και ο ρόλος των convolution, batch normalization, ReLU και max pooling;",
        ),
        evidence=("7.1γ", "7.1β"),
    ),
    "9α": Question(
        Text(
            "What are, in two sentences, the main conclusions of Yosinski et al. 2014, How transferable are features "
            "in deep neural networks?",
            "Ποια είναι, με δύο προτάσεις, τα βασικά συμπεράσματα του Yosinski et al. 2014, How transferable are "
            "features in deep neural networks;",
        ),
        evidence=("9δ",),
    ),
    "9β": Question(
        Text(
            "Which model of steps 5, 7.1 and 7.2 do you transfer, and why this one?",
            "Ποιο μοντέλο από τα βήματα 5, 7.1 και 7.2 μεταφέρετε, και γιατί αυτό;",
        ),
        evidence=("9β",),
    ),
    "9γ": Question(
        Text(
            "By which metric, and on which set, do you judge which epoch of the source model is the best? Why?",
            "Με ποια μετρική και σε ποιο σετ κρίνετε ποια εποχή του αρχικού μοντέλου είναι η καλύτερη; Γιατί;",
        ),
        evidence=("9γ",),
    ),
    "9ε": Question(
        Text(
            "How do the results of the transferred model compare with those of step 8, and what explains the "
            "difference, or that there is none?",
            "Πώς συγκρίνονται τα αποτελέσματα του μοντέλου με μεταφορά γνώσης με αυτά του βήματος 8, και τι εξηγεί τη "
            "διαφορά ή την απουσία της;",
        ),
        evidence=("9ε", "9δ", "8ε"),
    ),
    "10α": Question(
        Text(
            "What are, in two sentences, the main conclusions of Kaiser et al. 2017, One model to learn them all?",
            "Ποια είναι, με δύο προτάσεις, τα βασικά συμπεράσματα του Kaiser et al. 2017, One model to learn them all;",
        ),
        evidence=("10δ",),
    ),
    "10δ": Question(
        Text(
            "How do the results of the multitask model compare with those of step 8, axis by axis, and at what cost?",
            "Πώς συγκρίνονται τα αποτελέσματα του μοντέλου πολλαπλών προβλημάτων με αυτά του βήματος 8, ανά άξονα, και "
            "με ποιο κόστος;",
        ),
        evidence=("10δ", "10γ", "10β"),
    ),
    "11β": Question(
        Text(
            "How well do the classes separate in each model's latent space, and how do the spaces of the models "
            "differ?",
            "Πόσο πολύ διαχωρίζονται οι κλάσεις στον κρυφό χώρο κάθε μοντέλου, και σε τι διαφέρουν οι χώροι που "
            "διαμορφώνουν τα διαφορετικά μοντέλα;",
        ),
        evidence=("11α", "11β"),
    ),
    "11γ": Question(
        Text(
            "Do you see a qualitative difference between the space of the worst model of step 5 and those before?",
            "Παρατηρείτε κάποια ποιοτική διαφορά ανάμεσα στον χώρο του χειρότερου μοντέλου του βήματος 5 και στους "
            "προηγούμενους;",
        ),
        evidence=("11γ", "11β"),
    ),
    "11δ": Question(
        Text(
            "Which method of dimensionality reduction works best for your data, and why do you think so?",
            "Ποιος αλγόριθμος μείωσης διαστάσεων πιστεύετε ότι δουλεύει καλύτερα για τα δεδομένα σας, και γιατί;",
        ),
        evidence=("11δ", "11β"),
    ),
}
