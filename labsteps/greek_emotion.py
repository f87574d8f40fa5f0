"""What steps 9 and 10 write, in Greek; part of the table of `labsteps.greek`."""

PHRASES = {
    # Tables and figures
    "Genre models of this session": "Μοντέλα είδους αυτής της συνεδρίας",
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
    "genre train": "train ειδών", "genre test": "test ειδών", "left out": "έξω", "epochs": "εποχές",
    "layers": "επίπεδα", "all": "όλα", "best": "καλύτερη",
    "clips seen": "δείγματα που είδε",
    "Spearman correlation": "συσχέτιση Spearman",
    "weighting": "στάθμιση", "mean losses": "μέσα κόστη", "total": "σύνολο", "axis": "άξονας", "share": "μερίδιο",
    "share of the sum": "μερίδιο στο άθροισμα", "equal": "ίσα", "scaled": "σε κλίμακα", "manual": "με το χέρι",
    "learnt": "από μάθηση", "training loss, first": "κόστος εκπαίδευσης, αρχή",
    "training loss, best": "κόστος εκπαίδευσης, καλύτερη", "validation loss, first": "κόστος validation, αρχή",
    "validation loss, best": "κόστος validation, καλύτερη", "weight, first": "βάρος, αρχή",
    "weight, best": "βάρος, καλύτερη", "run": "εκτέλεση", "multitask {}": "κοινό {}",
    "multitask, equal compute": "κοινό, ίσος υπολογισμός", "multitask, 1/{} of it": "κοινό, 1/{} αυτού",
    "multitask (10γ)": "κοινό (10γ)", "{} × {} (step 8)": "{} × {} (βήμα 8)",
    # Notes
    "ordered by macro-F1 on the validation part (val.), which may choose":
        "κατά macro-F1 στο validation (val.), που μπορεί να διαλέξει",
    "F1, acc.: macro-F1 and accuracy on the test set, which may not, with 95 % intervals":
        "F1, acc.: macro-F1 και accuracy στο test, που δεν μπορεί, με διαστήματα 95 %",
    "best: epoch": "καλύτερη: εποχή",
    "genre train, genre test: how many of them that index has too":
        "train ειδών, test ειδών: πόσα από αυτά είναι και σε εκείνο το ευρετήριο",
    "left out: of the training and validation here, for genre test tracks are not trained on anyway":
        "έξω: από την εκπαίδευση και το validation εδώ, αφού στο test των ειδών δεν γίνεται ούτως ή άλλως εκπαίδευση",
    "Spearman correlation on the validation and the held-out tracks, with its 95 % interval":
        "συσχέτιση Spearman στο validation και στα κρατημένα κομμάτια, με διάστημα 95 %",
    "layers: groups of the backbone that learn at the end": "επίπεδα: ομάδες του κορμού που μαθαίνουν στο τέλος",
    "{} held-out tracks, the same for all": "{} κρατημένα κομμάτια, τα ίδια για όλα",
    "difference: this model's correlation less the transferred one's, with the 95 % interval of the paired bootstrap":
        "διαφορά: η συσχέτιση αυτού του μοντέλου μείον εκείνου με μεταφορά, με διάστημα 95 % από paired bootstrap",
    "first, best: Spearman on the validation tracks after epoch 1 and the best one":
        "πρώτο, καλύτερη: Spearman στο validation μετά την εποχή 1 και την καλύτερη",
    "clips seen in all epochs": "δείγματα που είδε σε όλες τις εποχές",
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
    "Trained with {} seeds, {} to {}; the report is of the first. Each begins with the backbone that 9γ trained with "
    "the same seed. Transferred less from scratch, mean of the seeds: {}.":
        "Εκπαίδευση με {} seeds, {} έως {}· η αναφορά είναι του πρώτου. Καθεμία αρχίζει από τον κορμό που εκπαίδευσε "
        "το 9γ με το ίδιο seed. Με μεταφορά μείον από το μηδέν, μέσος των seeds: {}.",
    "{} less {}, mean: {}.": "{} μείον {}, μέσο: {}.",
    "Compute is counted in clips seen in training: {} saw {} in all. The multitask network was trained anew with as "
    "many and with 1/{} of them, set up as in step 8 and weighed as in 10γ, without early stopping; the best epoch on "
    "the validation tracks counts.":
        "Ο υπολογισμός μετριέται σε δείγματα που ακούστηκαν στην εκπαίδευση: {} άκουσαν {} συνολικά. Το κοινό δίκτυο "
        "εκπαιδεύτηκε ξανά με τόσα και με το 1/{} από αυτά, στημένο όπως στο βήμα 8 και σταθμισμένο όπως στο 10γ, "
        "χωρίς πρόωρη διακοπή· μετρά η καλύτερη εποχή στο validation.",
    "The runs of step 8 differ in {=}; the networks trained here have that of {}.":
        "Οι εκτελέσεις του βήματος 8 διαφέρουν σε: {}· τα δίκτυα που εκπαιδεύονται εδώ έχουν ό,τι και το {}.",
}  # fmt: skip
