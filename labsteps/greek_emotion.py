"""What steps 9 and 10 write, in Greek; part of the table of `labsteps.greek`."""

PHRASES = {
    # Tables and figures
    "Genre models of this session": "Μοντέλα είδους αυτού του session",
    "Macro-F1 of the genre models": "Macro-F1 των μοντέλων είδους",
    "Tracks that are in both data sets": "Κομμάτια που είναι και στα δύο σύνολα",
    "Two trainings on {}": "Δύο εκπαιδεύσεις στο {}",
    "Learning {}: Spearman on the validation tracks": "Μάθηση του {}: Spearman στο validation",
    "Learning {}: training loss": "Μάθηση του {}: σφάλμα εκπαίδευσης",
    "How the models learnt": "Πώς έμαθαν τα μοντέλα",
    "Logits and targets, both of shape ({}, {})": "Logits και targets, και τα δύο διαστάσεων ({}, {})",
    "Weights of the axes": "Βάρη των αξόνων",
    "The weighted sum": "Το σταθμισμένο άθροισμα",
    "Learnt weights: L / (2 σ²) + log σ of each axis": "Βάρη από μάθηση: L / (2 σ²) + log σ κάθε άξονα",
    "Losses of the axes": "Κόστη των αξόνων",
    "Loss of each axis": "Κόστος κάθε άξονα",
    "Validation Spearman of each axis": "Spearman validation κάθε άξονα",
    "Learnt weights": "Βάρη από μάθηση",
    "Mean Spearman on the validation tracks": "Μέσο Spearman στο validation",
    "Spearman less that of {}": "Spearman μείον εκείνο του {}",
    "Compute": "Υπολογισμός",
    "The {} models of step 8": "Τα μοντέλα {} του βήματος 8",
    # Columns, axes, lines and cells
    "transferred": "με μεταφορά", "from scratch": "από το μηδέν", "transferred (9δ)": "με μεταφορά (9δ)",
    "from scratch, as long (9δ)": "από το μηδέν, όσο και αυτό (9δ)", "training": "εκπαίδευση",
    "held out": "κρατημένα", "unlabelled (competition)": "χωρίς τιμές (διαγωνισμός)",
    "emotion tracks": "κομμάτια με συναίσθημα", "tracks": "κομμάτια",
    "in the genre training index": "στο train των ειδών", "in the genre test index": "στο test των ειδών",
    "left out here": "έμειναν έξω", "validation Spearman": "Spearman validation",
    "held-out Spearman": "Spearman, κρατημένα", "held-out MSE": "MSE, κρατημένα", "epochs": "εποχές",
    "layer groups learning at the end": "ομάδες επιπέδων που μαθαίνουν στο τέλος", "all": "όλες",
    "transferred less this": "με μεταφορά μείον αυτό", "best epoch's": "της καλύτερης εποχής",
    "validation Spearman, epoch 1": "Spearman validation, εποχή 1", "clips seen": "δείγματα που είδε",
    "Spearman correlation": "συσχέτιση Spearman",
    "weighting": "στάθμιση", "mean losses": "μέσα κόστη", "total": "σύνολο", "axis": "άξονας", "share": "μερίδιο",
    "share of the sum": "μερίδιο στο άθροισμα", "equal": "ίσα", "scaled": "σε κλίμακα", "manual": "με το χέρι",
    "learnt": "από μάθηση", "training loss, first": "κόστος εκπαίδευσης, αρχή",
    "training loss, best": "κόστος εκπαίδευσης, καλύτερη", "validation loss, first": "κόστος validation, αρχή",
    "validation loss, best": "κόστος validation, καλύτερη", "weight, first": "βάρος, αρχή",
    "weight, best": "βάρος, καλύτερη", "run": "εκτέλεση", "multitask {}": "κοινό {}",
    "multitask, equal compute": "κοινό, ίσος υπολογισμός", "multitask, 1/{} of it": "κοινό, 1/{} αυτού",
    "multitask (10γ)": "κοινό (10γ)", "{} × {} (step 8)": "{} × {} (βήμα 8)", "test macro-F1": "macro-F1 test",
    "test accuracy": "accuracy test",
    # Notes
    "ordered by macro-F1 on the validation part, which may choose":
        "κατά macro-F1 στο validation, που μπορεί να διαλέξει",
    "from, to: 95 % intervals on the test set, which may not": "από, έως: διαστήματα 95 % στο test, που δεν μπορεί",
    "from, to: 95 % interval on the held-out tracks": "από, έως: διάστημα 95 % στα κρατημένα κομμάτια",
    "left out of the training and the validation of the genre model":
        "έμειναν έξω από την εκπαίδευση και το validation του μοντέλου είδους",
    "genre test tracks are not trained on anyway":
        "στα κομμάτια του test των ειδών δεν γίνεται ούτως ή άλλως εκπαίδευση",
    "clips seen: training clips times epochs run": "δείγματα που είδε: δείγματα εκπαίδευσης επί εποχές",
    "the logits are what an untrained network says, the training means":
        "τα logits είναι όσα λέει ένα ανεκπαίδευτο δίκτυο, οι μέσοι της εκπαίδευσης",
    "learnt: 1 / (2 σ²) at the first step": "από μάθηση: 1 / (2 σ²) στο πρώτο βήμα",
    "mean losses: over the tracks above": "μέσα κόστη: στα παραπάνω κομμάτια",
    "below them weight times loss, and for learnt weights log σ of each axis":
        "κάτω από αυτά βάρος επί κόστος, και για βάρη από μάθηση log σ κάθε άξονα",
    "unweighted losses at the end of the first epoch and of the best one":
        "κόστη χωρίς βάρη, στο τέλος της πρώτης και της καλύτερης εποχής",
    "95 % intervals of the paired bootstrap over the held-out tracks":
        "διαστήματα 95 % από paired bootstrap στα κρατημένα κομμάτια",
    "one that holds 0 shows no difference": "όποιο περιέχει το 0 δεν δείχνει διαφορά",
    # Sentences
    "source=auto takes {} ({}, run {}): it has the highest macro-F1 on the validation part among {} models. "
    "9γ takes any other with source=NAME; not trained yet: {}.":
        "Το source=auto παίρνει το {} ({}, εκτέλεση {}): έχει το υψηλότερο macro-F1 στο validation ανάμεσα σε {} "
        "μοντέλα. Το 9γ παίρνει οποιοδήποτε άλλο με source=ΟΝΟΜΑ· χωρίς εκπαίδευση ακόμη: {}.",
    "The model is {} with the settings of {} (run {}). {} on the validation set decides which epoch is kept.":
        "Το μοντέλο είναι {} με τις ρυθμίσεις του {} (εκτέλεση {}). {} στο validation αποφασίζει ποια εποχή κρατιέται.",
    "{} tracks are in both data sets. {} of them were left out here: {} that the emotion task holds out, {} that it "
    "validates on, and {} without values. {} clips trained, {} validated.":
        "{} κομμάτια είναι και στα δύο σύνολα. {} από αυτά έμειναν έξω: {} που το πρόβλημα του συναισθήματος κρατά για "
        "έλεγχο, {} που έχει για validation, και {} χωρίς τιμές. Εκπαίδευση σε {} δείγματα, validation σε {}.",
    "Against {} on the same {} held-out tracks: {}.": "Έναντι {} στα ίδια {} κρατημένα κομμάτια: {}.",
    "the same network from scratch": "του ίδιου δικτύου από το μηδέν",
    "Spearman {}, 95 % interval {} to {}, which holds 0: no difference can be told":
        "Spearman {}, διάστημα 95 % από {} έως {}, που περιέχει το 0: δεν φαίνεται διαφορά",
    "Spearman {}, 95 % interval {} to {}, which does not hold 0":
        "Spearman {}, διάστημα 95 % από {} έως {}, που δεν περιέχει το 0",
    "undefined ({})": "δεν ορίζεται ({})",
    "{} less {}, mean: {}.": "{} μείον {}, μέσο: {}.",
    "Compute is counted in clips seen in training: {} saw {} in all. The multitask network was trained anew with as "
    "many and with 1/{} of them, set up as in step 8 and weighed as in 10γ, without early stopping; the best epoch on "
    "the validation tracks counts.":
        "Ο υπολογισμός μετριέται σε δείγματα που ακούστηκαν στην εκπαίδευση: {} άκουσαν {} συνολικά. Το κοινό δίκτυο "
        "εκπαιδεύτηκε ξανά με τόσα και με το 1/{} από αυτά, στημένο όπως στο βήμα 8 και σταθμισμένο όπως στο 10γ, "
        "χωρίς πρόωρη διακοπή· μετρά η καλύτερη εποχή στο validation.",
}  # fmt: skip
