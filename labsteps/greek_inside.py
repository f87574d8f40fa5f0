"""What the looks at data and inside networks write, in Greek; part of the table of `labsteps.greek`."""

from __future__ import annotations

PHRASES = {
    # 0, 1, 4 and 8α: the data and the heads
    "The data set is whole: every index was read, every file was opened.":
        "Το σύνολο δεδομένων είναι πλήρες: διαβάστηκε κάθε ευρετήριο, ανοίχτηκε κάθε αρχείο.",
    "This run was given {}; step 0 with --device NAME chooses the device of later runs.":
        "Αυτή η εκτέλεση πήρε {}· το βήμα 0 με --device ΟΝΟΜΑ διαλέγει τη συσκευή των επόμενων.",
    "Tracks in both sets: {} in genre train and multitask train, {} in genre train and multitask test, {} in genre "
    "test and multitask train, {} in genre test and multitask test.":
        "Κομμάτια και στα δύο σύνολα: {} σε genre train και multitask train, {} σε genre train και multitask test, {} "
        "σε genre test και multitask train, {} σε genre test και multitask test.",
    "Slaney, as in the data": "Slaney, όπως στα δεδομένα",
    "bands {} …": "ζώνες {} …",
    "One item: features {}, label {}, true length {}. The last {} of its {} frames are padding.":
        "Ένα δείγμα: χαρακτηριστικά {}, label {}, πραγματικό μήκος {}. Τα τελευταία {} από τα {} πλαίσιά του είναι "
        "padding.",
    "the head has D + 1 parameters an output: C times as many for C classes":
        "η κεφαλή έχει D + 1 παραμέτρους ανά έξοδο: C φορές τόσες για C κλάσεις",
    "the backbone is that of steps 5 to 7": "ο κορμός είναι των βημάτων 5 έως 7",
    "best epoch: by the {} on the validation part": "καλύτερη εποχή: με {} στο validation",
    # 7.1α: digits
    "Layers, for the digit that is shown": "Επίπεδα, για το ψηφίο που φαίνεται",
    "height": "ύψος",
    "pixels a side": "pixels ανά πλευρά",
    "deviation": "απόκλιση",
    "zeros": "μηδενικά",
    "input": "είσοδος",
    "convolution": "συνέλιξη",
    "normalisation": "κανονικοποίηση",
    "convolution {}": "συνέλιξη {}",
    "mean, deviation and share of zeros are of the digit that is shown":
        "μέσος, απόκλιση και ποσοστό μηδενικών αφορούν το ψηφίο που φαίνεται",
    "How the activations change": "Πώς αλλάζουν οι ενεργοποιήσεις",
    "says": "λέει",
    "conv {}": "συνέλ. {}",
    "zeros {}": "μηδενικά {}",
    "conv 1, conv 2, output: cosine to the activations at the end, mean over held-out digits; zeros: share of zeros "
    "after ReLU 1 and 2, for the digit that is shown":
        "συνέλ. 1, συνέλ. 2, έξοδος: συνημίτονο με τις τελικές ενεργοποιήσεις, μέσος στα κρατημένα ψηφία· μηδενικά: "
        "ποσοστό μηδενικών μετά τις ReLU 1 και 2, για το ψηφίο που φαίνεται",
    "Filters of convolution {}": "Φίλτρα της συνέλιξης {}",
    "channel": "κανάλι",
    "first channel of the row": "πρώτο κανάλι της γραμμής",
    "activation": "ενεργοποίηση",
    "Input for a {} (example {})": "Είσοδος για ένα {} (παράδειγμα {})",
    "Convolution {} for a {} (example {})": "Συνέλιξη {} για ένα {} (παράδειγμα {})",
    "ReLU {} for a {} (example {})": "ReLU {} για ένα {} (παράδειγμα {})",
    "Pooling {} for a {} (example {})": "Pooling {} για ένα {} (παράδειγμα {})",
    "Probabilities for a {} (example {})": "Πιθανότητες για ένα {} (παράδειγμα {})",
    "digit": "ψηφίο",
    "probability": "πιθανότητα",
    "after epoch": "μετά την εποχή",
    "ReLU {} over the epochs, for a {}": "ReLU {} ανά εποχή, για ένα {}",
    "Probabilities over the epochs, for a {}": "Πιθανότητες ανά εποχή, για ένα {}",
    "How close each layer is to its final activations": "Πόσο κοντά είναι κάθε επίπεδο στις τελικές ενεργοποιήσεις",
    "cosine to the end": "συνημίτονο με το τέλος",
    "{} digits of MNIST, from {}: {} to train, {} to validate, {} held out. Best epoch {} of {} by macro-F1 on the "
    "validation digits. For example {} of the held-out digits {} it says {}, with probability {}. After epoch {} the "
    "activations are already this close to their final ones (cosine): {}.":
        "{} ψηφία του MNIST, από {}: {} για εκπαίδευση, {} για validation, {} κρατημένα. Καλύτερη εποχή {} από {} με "
        "macro-F1 στα ψηφία του validation. Για το παράδειγμα {} των κρατημένων ψηφίων {} λέει {}, με πιθανότητα {}. "
        "Μετά την εποχή {} οι ενεργοποιήσεις είναι ήδη τόσο κοντά στις τελικές (συνημίτονο): {}.",
    # 7.1γ: operations
    "What each operation does to the spectrogram": "Τι κάνει κάθε πράξη στο φασματογράφημα",
    "sees: side of the square of input cells that reach one output; the rest is over all channels of the clip":
        "βλέπει: πλευρά του τετραγώνου των κελιών εισόδου που φτάνουν σε μία έξοδο· τα υπόλοιπα σε όλα τα κανάλια του "
        "δείγματος",
    "Layer {}, channel {}, after {}": "Επίπεδο {}, κανάλι {}, μετά από {}",
    "The weights are those that {} learnt (run {}). The clip is {}, {} frames from its middle. The pictures are of "
    "layer {}, channel {} of {}: the one that varies most after ReLU.":
        "Τα βάρη είναι όσα έμαθε το {} (εκτέλεση {}). Το δείγμα είναι το {}, {} πλαίσια από τη μέση του. Οι εικόνες "
        "είναι του επιπέδου {}, κανάλι {} από {}: αυτό που μεταβάλλεται περισσότερο μετά τη ReLU.",
    # 7.2: patches and attention
    "Patches of a window": "Τα patches ενός παραθύρου",
    "grid": "πλέγμα",
    "columns": "στήλες",
    "pairs of tokens": "ζεύγη tokens",
    "here": "εδώ",
    "in the paper": "στη δημοσίευση",
    "every token attends to every other one; {} tokens of the network's own stand beside the patches":
        "κάθε token προσέχει κάθε άλλο· {} tokens του ίδιου του δικτύου στέκονται δίπλα στα patches",
    "{} × {} patches of {} × {} on the first window, {}": "{} × {} patches των {} × {} στο πρώτο παράθυρο, {}",
    "A window of {} bands × {} frames makes {} × {} = {} patches; {} windows cover the {} frames of the clip, and "
    "their vectors are averaged.":
        "Ένα παράθυρο {} ζωνών × {} πλαισίων δίνει {} × {} = {} patches· {} παράθυρα καλύπτουν τα {} πλαίσια του "
        "δείγματος, και από τα διανύσματά τους παίρνεται ο μέσος.",
    "Half of the attention falls on {} of the cells (attention roll-out of {}, run {}).":
        "Η μισή προσοχή πέφτει στο {} των κελιών (attention roll-out του {}, εκτέλεση {}).",
    "Half of the attention falls on {} of the cells in the clip that is drawn.":
        "Η μισή προσοχή πέφτει στο {} των κελιών, στο δείγμα που σχεδιάστηκε.",
    "{} shows where its network looks on a test clip; run after it, this part shows it on this track.":
        "Το {} δείχνει πού κοιτά το δίκτυό του σε δείγμα του test· αν τρέξει μετά από αυτό, το μέρος αυτό το δείχνει "
        "εδώ.",
}  # fmt: skip
