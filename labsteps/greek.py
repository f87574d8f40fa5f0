"""Results in Greek: what parts write in English, by one table, translated when it is drawn.

What a run stores stays English, so that a result is the same whoever looks at it; `in_language` gives it another
language on the way to a screen.  A phrase may have places (``{}``) for what varies: names, numbers, other phrases.
What the table does not know stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import eq
from typing import Any, TypeVar

from labsteps import greek_emotion, greek_inside, greek_maps, greek_regression, greek_sentences
from labsteps.results import Axis, Bars, Cell, Figure, Result, Series, Table

_Figure = TypeVar("_Figure", bound=Figure)

PHRASES = {
    # Titles
    "{}, smoothed": "{}, με εξομάλυνση",
    "Learning rate": "Ρυθμός μάθησης",
    "Gradient norm": "Νόρμα της κλίσης",
    "Time of an epoch": "Χρόνος μιας εποχής",
    "What both report": "Τι αναφέρουν και οι δύο",
    "What they report": "Τι αναφέρουν",
    "Parameters that differ": "Παράμετροι που διαφέρουν",
    "Splits": "Σύνολα",
    "Devices": "Συσκευές",
    "Problems: {}": "Προβλήματα: {}",
    "Ways to data": "Από πού έρχονται τα δεδομένα",
    "Clips of each genre, as listed": "Δείγματα κάθε είδους, κατά το ευρετήριο",
    "Two rows with different labels": "Δύο γραμμές με διαφορετικά labels",
    "The two arrays": "Οι δύο πίνακες",
    "Measured from the two clips": "Μετρήσεις στα δύο κομμάτια",
    "Mel spectrogram, {}": "Φασματογράφημα mel, {}",
    "Mel spectrogram per beat, {}": "Φασματογράφημα mel ανά beat, {}",
    "Chromagram, {}": "Χρωμογράφημα, {}",
    "Chromagram per beat, {}": "Χρωμογράφημα ανά beat, {}",
    "From Hz to mel, both 1000 at 1000 Hz": "Από Hz σε mel, και τα δύο 1000 στα 1000 Hz",
    "A mel filter bank of {} triangles of equal area (the data have 128)":
        "Συστοιχία {} τριγωνικών φίλτρων mel ίσου εμβαδού (τα δεδομένα έχουν 128)",
    "Bands of the data's mel spectrograms": "Ζώνες των φασματογραφημάτων mel των δεδομένων",
    "Shapes of the spectrograms of step 1": "Διαστάσεις των φασματογραφημάτων του βήματος 1",
    "A training step of a small LSTM, measured here": "Ένα βήμα εκπαίδευσης μικρού LSTM, μετρημένο εδώ",
    "Time steps of the training clips, by frames": "Χρονικά βήματα των δειγμάτων εκπαίδευσης, σε πλαίσια",
    "Time steps of the training clips, by beats": "Χρονικά βήματα των δειγμάτων εκπαίδευσης, σε beats",
    "What the median between beats does": "Τι κάνει η διάμεσος μεταξύ των beats",
    "Chroma, rows 128–139": "Chroma, γραμμές 128–139",
    "Measured from the chroma rows": "Μετρήσεις στις γραμμές chroma",
    "One item": "Ένα δείγμα",
    "An item, {}: {} frames padded to {}": "Ένα δείγμα, {}: {} πλαίσια, με padding {}",
    "What is done with an item, in order": "Τι γίνεται με ένα δείγμα, με τη σειρά",
    "Parts of the set": "Τα μέρη του συνόλου",
    "Lengths in frames of 23 ms, in the beat folders in beats.":
        "Διάρκειες σε πλαίσια των 23 ms, στους φακέλους beat σε beats.",
    "Clips of each genre": "Δείγματα κάθε είδους",
    "Lengths of the clips": "Διάρκειες των δειγμάτων",
    "Mean level of the clips": "Μέση στάθμη των δειγμάτων",
    "Mean level of the clips, below each clip's maximum":
        "Μέση στάθμη των δειγμάτων, κάτω από το μέγιστο του καθενός",
    "Tracks in both sets, by id": "Κομμάτια και στα δύο σύνολα, κατά id",
    "Clips with the same values": "Δείγματα με τις ίδιες τιμές",
    "Emotion values": "Τιμές συναισθήματος",
    "a test track is heard in training": "κομμάτι του test ακούγεται στην εκπαίδευση",
    "counted more than once": "μετρά πάνω από μία φορά",
    "with different genres": "με διαφορετικά είδη",
    "Raw genres and their classes": "Αρχικά είδη και οι κλάσεις τους",
    "Classes, in the order of their codes": "Κλάσεις, με τη σειρά των κωδικών τους",
    "Clips of each genre, before 4β": "Δείγματα κάθε είδους, πριν το 4β",
    "Clips of each class, after 4β": "Δείγματα κάθε κλάσης, μετά το 4β",
    "A batch from the data set, padded, with true lengths": "Ένα batch με padding και τα πραγματικά μήκη",
    "Shapes, stage by stage": "Διαστάσεις, στάδιο προς στάδιο",
    "Frames of a batch: music and padding": "Πλαίσια ενός batch: μουσική και padding",
    "Beats of a batch: music and padding": "Beats ενός batch: μουσική και padding",
    "Overfit check on {} clips": "Έλεγχος υπερεκπαίδευσης σε {} δείγματα",
    "Scores per class on the test set": "Τιμές ανά κλάση στο test set",
    "Scores per class on the test set, {}": "Τιμές ανά κλάση στο test set, {}",
    "Scores per class, {}": "Τιμές ανά κλάση, {}",
    "Loss over the epochs": "Σφάλμα ανά εποχή",
    "Loss over the epochs, {}": "Σφάλμα ανά εποχή, {}",
    "Accuracy and macro-F1 over the epochs": "Accuracy και macro-F1 ανά εποχή",
    "Accuracy and macro-F1 over the epochs, {}": "Accuracy και macro-F1 ανά εποχή, {}",
    "Confusion matrix": "Πίνακας σύγχυσης",
    "Confusion matrix, {}": "Πίνακας σύγχυσης, {}",
    "All models on the test set of their own kind": "Όλα τα μοντέλα, το καθένα στο δικό του test set",
    "Pairs on the same test tracks: {}": "Ζεύγη στα ίδια κομμάτια του test: {}",
    "Network against classical method: {}": "Δίκτυο απέναντι στην κλασική μέθοδο: {}",
    "Against the majority class: {}": "Απέναντι στην πολυπληθέστερη κλάση: {}",
    "Accuracy on the test set": "Accuracy στο test set",
    "F1 of each class and model": "F1 κάθε κλάσης και μοντέλου",
    "Macro averages on the test set": "Macro μέσοι όροι στο test set",
    "Micro averages on the test set": "Micro μέσοι όροι στο test set",
    "Where the network looks (attention roll-out), {}": "Πού κοιτάζει το δίκτυο (attention roll-out), {}",
    "Attention roll-out, {}": "Προσοχή (attention roll-out), {}",
    "attention": "προσοχή", "times the mean": "φορές ο μέσος",
    "Layers, for a clip of {} × {}": "Επίπεδα, για κομμάτι {} × {}",
    "The same training with {} seeds": "Η ίδια εκπαίδευση με {} seeds",
    "Models and their vectors": "Τα μοντέλα και τα διανύσματά τους",
    "Trained models of the session": "Εκπαιδευμένα μοντέλα της συνεδρίας",
    "PCA in 2D, model by model": "PCA σε 2D, ανά μοντέλο",
    "PCA in 2D, the worst model of step 5 first": "PCA σε 2D, πρώτα το χειρότερο μοντέλο του βήματος 5",
    "{}, PCA in {}D: {} %": "{}, PCA σε {}D: {} %",
    "PC {}, {} % of the variance": "PC {}, {} % της διασποράς",
    "Variance explained by the first axes": "Διασπορά που εξηγούν οι πρώτοι άξονες",
    "How well the classes separate, best first": "Πόσο διαχωρίζονται οι κλάσεις, πρώτα το καλύτερο",
    "Silhouettes in the whole space, in the same order": "Silhouettes σε όλο τον χώρο, με την ίδια σειρά",
    "The same in the plane and in the space of PCA": "Το ίδιο στο επίπεδο και στον χώρο του PCA",
    "Pairs of models: {}": "Ζεύγη μοντέλων: {}",
    "Each best model less the worst of step 5: {}": "Κάθε καλύτερο μοντέλο μείον το χειρότερο του 5: {}",
    "Methods in {}D": "Μέθοδοι σε {}D",
    "Faithfulness in {}D less that of PCA": "Πιστότητα σε {}D μείον του PCA",
    "Maps of {}": "Χάρτες του {}",
    "Classes on the maps of {}": "Οι κλάσεις στους χάρτες του {}",
    "{}: methods and settings in {}D": "{}: μέθοδοι και ρυθμίσεις σε {}D",
    "UMAP, neighbours {}": "UMAP, γείτονες {}",
    "{} says {=}": "{}: λέει {}",
    "From the vectors that 11α stored (run {}).": "Από τα διανύσματα που αποθήκευσε το 11α (εκτέλεση {}).",
    # Axes, lines, headings and cells
    "principal axes": "κύριοι άξονες", "part of the variance": "μέρος της διασποράς", "rank": "θέση",
    "method": "μέθοδος", "axes": "άξονες", "variance": "διασπορά", "faithful": "πιστότητα",
    "largest class": "μεγαλύτερη κλάση", "chosen as": "επιλέχθηκε ως", "vector": "διάνυσμα", "numbers": "αριθμοί",
    "tracks": "κομμάτια", "output as stored": "έξοδος όπως αποθηκεύτηκε", "section": "ενότητα", "step": "βήμα",
    "best of {}": "καλύτερο του {}", "worst of {}": "χειρότερο του {}", "k-NN accuracy": "accuracy k-NN",
    "{}-NN accuracy": "accuracy {}-NN",
    "genre": "είδος", "class": "κλάση", "clips": "δείγματα", "time": "χρόνος", "frequency": "συχνότητα",
    "level": "στάθμη", "time steps": "χρονικά βήματα", "pitch": "ύψος", "weight": "βάρος",
    "pitch class": "νότα", "energy": "ενέργεια", "track": "κομμάτι", "length": "μήκος", "epoch": "εποχή",
    "loss": "σφάλμα", "score": "τιμή", "predicted": "πρόβλεψη", "true": "αληθινή", "model": "μοντέλο",
    "frames": "πλαίσια", "cells a side": "κελιά ανά πλευρά", "music": "μουσική",
    "train accuracy": "accuracy train", "validation accuracy": "accuracy validation",
    "validation macro-F1": "macro-F1 validation", "majority class": "πολυπληθέστερη κλάση",
    "classical": "κλασική", "classical {}": "κλασική {}",
    "entry": "στοιχείο", "files": "αρχεία", "size": "μέγεθος", "split": "σύνολο", "genres": "είδη",
    "fewest frames": "λιγότερα πλαίσια", "most frames": "περισσότερα πλαίσια", "what": "τι", "device": "συσκευή",
    "threads": "νήματα", "memory": "μνήμη", "in use": "σε χρήση", "busy": "απασχόληση", "chosen": "επιλεγμένη",
    "yes": "ναι", "to": "έως", "command": "εντολή", "line of the index": "γραμμή του ευρετηρίου", "file": "αρχείο",
    "part": "μέρος", "shape": "διαστάσεις", "mean": "μέσος", "measure": "μέγεθος", "unit": "μονάδα",
    "difference": "διαφορά", "by": "ανά", "mel shape": "διαστάσεις mel", "training step": "βήμα εκπαίδευσης",
    "a time step": "ένα χρονικό βήμα", "an epoch": "μία εποχή", "by frames": "ανά πλαίσιο", "by beats": "ανά beat",
    "strongest": "ισχυρότερη", "its share": "μερίδιό της", "entropy": "εντροπία", "change a step": "αλλαγή ανά βήμα",
    "value": "τιμή", "meaning": "σημασία", "operation": "λειτουργία", "from → to": "από → σε", "why": "γιατί",
    "fate": "κατάληξη", "kept": "μένει", "merged": "συγχωνεύεται", "dropped": "αφαιρείται", "code": "κωδικός",
    "share of train": "μερίδιο του train", "stage": "στάδιο", "steps": "βήματα", "features": "χαρακτηριστικά",
    "parameters": "παράμετροι", "padded to": "με padding", "off in batch": "απόκλιση σε batch",
    "off, {} more": "απόκλιση, +{}", "off, unmasked": "απόκλιση, χωρίς μάσκα", "from": "από",
    "trained on": "εκπαίδευση σε",
    "first": "πρώτο", "second": "δεύτερο", "first alone": "μόνο πρώτο", "second alone": "μόνο δεύτερο",
    "layer": "επίπεδο", "layer {}": "επίπεδο {}", "channels": "κανάλια", "bands": "ζώνες", "sees": "βλέπει",
    "best epoch": "καλύτερη εποχή", "row": "γραμμή", "centre": "κέντρο", "width": "πλάτος",
    "whole file": "όλο το αρχείο", "mel, rows 0–127": "mel, γραμμές 0–127",
    "share below 250 Hz": "μερίδιο κάτω από 250 Hz", "share 250 to 1000 Hz": "μερίδιο 250 έως 1000 Hz",
    "share 1 to 4 kHz": "μερίδιο 1 έως 4 kHz", "share above 4 kHz": "μερίδιο πάνω από 4 kHz",
    "spectral centroid": "φασματικό κέντρο", "onset density": "πυκνότητα onset",
    "mean rise of level": "μέση άνοδος στάθμης", "dynamic range (10–95 %)": "δυναμικό εύρος (10–95 %)",
    "dynamic range": "δυναμικό εύρος", "length of a step": "διάρκεια ενός βήματος",
    "rise of level a step": "άνοδος στάθμης ανά βήμα", "values": "τιμές",
    "padded batch": "batch με padding",
    "standardised by row": "κανονικοποίηση ανά γραμμή", "mean of {} frames": "μέσος {} πλαισίων",
    "LSTM layer {}, both directions": "επίπεδο LSTM {}, δύο κατευθύνσεις",
    "LSTM layer {}, forwards": "επίπεδο LSTM {}, μία κατεύθυνση",
    "attention over valid steps": "attention στα έγκυρα βήματα", "last valid step": "τελευταίο έγκυρο βήμα",
    "output layer": "επίπεδο εξόδου", "output": "έξοδος", "read the index": "ανάγνωση ευρετηρίου",
    "which file, which label": "ποιο αρχείο, ποιο label", "merge and drop": "συγχώνευση, αφαίρεση",
    "like genres together": "τα συγγενικά είδη μαζί", "encode": "κωδικοποίηση",
    "whole numbers from 0": "ακέραιοι από το 0", "read the file": "ανάγνωση αρχείου",
    "a frame is a row": "ένα πλαίσιο είναι μία γραμμή", "take rows": "επιλογή γραμμών",
    "mel, chroma or both": "mel, chroma ή και τα δύο", "pad": "padding", "keep length": "κράτημα μήκους",
    "a batch is one array": "ένα batch είναι ένας πίνακας", "the rest is padding": "τα υπόλοιπα είναι padding",
    "normalise": "κανονικοποίηση", "by the training clips": "από τα δείγματα εκπαίδευσης",
    "clips of like length": "δείγματα όμοιου μήκους", "frames that are real": "πραγματικά πλαίσια",
    "frames × mel rows, padded": "πλαίσια × γραμμές mel, με padding", "class of {=}": "κλάση του {}",
    "first frame": "πρώτο πλαίσιο", "its first rows, in dB": "οι πρώτες γραμμές του, σε dB",
    "last real frame": "τελευταίο πραγματικό πλαίσιο", "an LSTM is read after it": "μετά από αυτό διαβάζεται το LSTM",
    "silence, not sound": "σιωπή, όχι ήχος", "padded, single precision": "με padding, απλής ακρίβειας",
    "none: no clip is longer": "κανένα: δεν υπάρχει μεγαλύτερο",
    "way": "τρόπος", "metric": "μετρική", "parameter": "παράμετρος",
    "difference: first minus second; a dash where undefined":
        "διαφορά: πρώτο μείον δεύτερο· παύλα όπου δεν ορίζεται",
    "a dash where a part does not take it": "παύλα όπου ένα μέρος δεν την παίρνει",
    "download it (needs a Kaggle account)": "λήψη (χρειάζεται λογαριασμό Kaggle)",
    "use a folder that is there already": "χρήση φακέλου που υπάρχει ήδη",
    "build the demo set, music made by code": "το σύνολο επίδειξης, μουσική από κώδικα",
    # Notes
    "Where the data set comes from: {}. ROOT is the folder that holds {}.":
        "Η προέλευση των δεδομένων: {}. ROOT είναι ο φάκελος που περιέχει το {}.",
    "As stored, rows first. Mel rows are in dB below the loudest cell of the clip (0 is loudest), chroma rows in 0…1. "
    "In memory a clip is single precision and frames first: (T, 140).":
        "Όπως είναι αποθηκευμένα, πρώτα οι γραμμές. Οι γραμμές mel είναι σε dB κάτω από το ισχυρότερο κελί (0 το "
        "ισχυρότερο), οι γραμμές chroma στο 0…1. Στη μνήμη ένα κομμάτι είναι απλής ακρίβειας, πρώτα τα πλαίσια: "
        "(T, 140).",
    "Shares are of the clip's whole energy; the range is that of the frames' levels.":
        "Τα μερίδια είναι επί της συνολικής ενέργειας· το εύρος είναι της στάθμης των πλαισίων.",
    "A frame is {} s; a beat is the median of the frames between two beats.":
        "Ένα πλαίσιο είναι {} s· ένα beat είναι η διάμεσος των πλαισίων ανάμεσα σε δύο beats.",
    "One layer of {} units, batches of {}, float32, median of {} steps after one to warm up.":
        "Ένα επίπεδο {} μονάδων, batches των {}, float32, διάμεσος {} βημάτων μετά από ένα για προθέρμανση.",
    "Entropy: 0 bit for a single pitch class, {} for all alike. Change: 1 − cosine of neighbours.":
        "Εντροπία: 0 bit για μία μόνο νότα, {} για όλες ίσες. Αλλαγή: 1 − συνημίτονο γειτονικών.",
    "off: largest difference of a clip's outputs from those that it gets alone, without padding; unmasked: by a "
    "network that takes the padding for music":
        "απόκλιση: μέγιστη διαφορά των εξόδων από όσες δίνει το κομμάτι μόνο του, χωρίς padding· χωρίς μάσκα: αν το "
        "δίκτυο περνούσε το padding για μουσική",
    "{} parameters in all": "{} παράμετροι συνολικά",
    "mean and maximum over bands and frames give {} features; {} parameters in all":
        "ο μέσος και το μέγιστο σε ζώνες και πλαίσια δίνουν {} χαρακτηριστικά· {} παράμετροι συνολικά",
    "{} ({} clips), {} ({} clips): trained on different tracks, so no p value":
        "{} ({} δείγματα), {} ({} δείγματα): εκπαιδεύτηκαν σε διαφορετικά κομμάτια, άρα χωρίς τιμή p",
    "{}, {}: trained on different tracks, so no p value":
        "{}, {}: εκπαιδεύτηκαν σε διαφορετικά κομμάτια, άρα χωρίς τιμή p",
    "trained on different tracks, so no p value": "εκπαιδεύτηκαν σε διαφορετικά κομμάτια, άρα χωρίς τιμή p",
    "a class that was never predicted counts with precision 0 in the macro average":
        "κλάση που δεν προβλέφθηκε ποτέ μετρά με precision 0 στον macro μέσο όρο",
    "from, to: 95 % intervals, of precision and recall by Wilson's score, of F1 by the bootstrap":
        "από, έως: διαστήματα 95 %, των precision και recall κατά Wilson (score), του F1 με bootstrap",
    "from, to: 95 % intervals; with one label a clip micro-F1 is the accuracy, and so is its interval":
        "από, έως: διαστήματα 95 %· με ένα label ανά δείγμα το micro-F1 είναι το accuracy, και το διάστημά του",
    "difference: first minus second, with its 95 % interval from resampled clips; first alone, second alone: clips "
    "that only this one gets right; p: McNemar's exact test, then adjusted for the number of rows":
        "διαφορά: πρώτο μείον δεύτερο, με διάστημα 95 % (bootstrap δειγμάτων)· μόνο πρώτο, μόνο δεύτερο: δείγματα που "
        "βρίσκει μόνο αυτό· p: ακριβής έλεγχος McNemar, έπειτα διορθωμένο για το πλήθος των γραμμών",
    "first alone, second alone: clips that only this one gets right":
        "μόνο πρώτο, μόνο δεύτερο: δείγματα που βρίσκει μόνο αυτό",
    "p: McNemar's exact test, then adjusted for the number of rows":
        "p: ακριβής έλεγχος McNemar, έπειτα διορθωμένο για το πλήθος των γραμμών",
    "difference: first minus second, with its 95 % interval from resampled clips":
        "διαφορά: πρώτο μείον δεύτερο, με διάστημα 95 % (bootstrap δειγμάτων)",
    "a class that was never predicted counts with precision 0":
        "κλάση που δεν προβλέφθηκε ποτέ μετρά με precision 0",
    "with one label a clip, every miss is one false positive and one false negative: all three are the accuracy":
        "με ένα label ανά δείγμα, κάθε λάθος είναι ένα false positive και ένα false negative: και τα τρία είναι το "
        "accuracy",
    "each seed has its own first weights, validation part and order of batches; the held-out tracks are the same":
        "κάθε seed έχει δικά του αρχικά βάρη, validation και σειρά των batches· τα κρατημένα κομμάτια είναι τα ίδια",
    "undefined for one of the seeds": "δεν ορίζεται για ένα από τα seeds",
    "each seed has its own first weights, validation part and order of batches; the test set is one":
        "κάθε seed έχει δικά του αρχικά βάρη, validation και σειρά των batches· το test set είναι ένα",
    # Texts
    "{} and {}: draw {} with seed {}. The same draw gives the same two; --set draw={} gives two others.":
        "{} και {}: κλήρωση {} με seed {}. Η ίδια κλήρωση δίνει τα ίδια δύο· --set draw={} δίνει δύο άλλα.",
    "Both beside each other, at print quality: {} among the figures of the run.":
        "Τα δύο πλάι πλάι, σε ποιότητα εκτύπωσης: {} στα σχήματα της εκτέλεσης.",
    "By frames above and by beats below, at print quality: {} among the figures of the run.":
        "Επάνω ανά πλαίσιο και κάτω ανά beat, σε ποιότητα εκτύπωσης: {} στα σχήματα της εκτέλεσης.",
    "{} genres become {} classes; {} training clips become {}, {} test clips become {}.":
        "{} είδη γίνονται {} κλάσεις· {} δείγματα εκπαίδευσης γίνονται {}, {} δείγματα ελέγχου γίνονται {}.",
    "Passed: the training loss fell to {}, below {}, after {} epochs.":
        "Επιτυχία: το σφάλμα εκπαίδευσης έπεσε στο {}, κάτω από {}, μετά από {} εποχές.",
    "Best epoch {} of {} by macro-F1 on the {} validation clips; training ended: {}. The {} test clips were heard "
    "once, whole, by those weights.":
        "Καλύτερη εποχή {} από {} με macro-F1 στα {} δείγματα validation· τέλος εκπαίδευσης: {}. Τα {} δείγματα του "
        "test ακούστηκαν μία φορά, ολόκληρα, με αυτά τα βάρη.",
    "all epochs done": "ολοκληρώθηκαν όλες οι εποχές",
    "That epoch lies in the warm-up of the learning rate, when the network has hardly begun to learn: the score that "
    "chose it may well be chance; other seeds tell.":
        "Η εποχή αυτή ανήκει στο warm-up του ρυθμού μάθησης, όταν το δίκτυο μόλις έχει αρχίσει να μαθαίνει: η τιμή που "
        "την επέλεξε μπορεί να είναι τυχαία· άλλα seeds το δείχνουν.",
    "no better {} on the validation set for {} epochs": "κανένα καλύτερο {} στο validation για {} εποχές",
    "The networks' outputs on the test clips are those that each run stored when it was tested; nothing of theirs was "
    "computed again. The classical method (logistic regression on each clip's mean, deviation and mean absolute "
    "difference per row) was fitted here on the clips that the network beside it was trained on, its C chosen on the "
    "same validation clips.":
        "Οι έξοδοι των δικτύων στο test είναι όσες αποθήκευσε κάθε εκτέλεση όταν ελέγχθηκε· τίποτε δικό τους δεν "
        "υπολογίστηκε ξανά. Η κλασική μέθοδος (λογιστική παλινδρόμηση στον μέσο, την απόκλιση και τη μέση απόλυτη "
        "διαφορά κάθε γραμμής) εκπαιδεύτηκε εδώ στα δείγματα του αντίστοιχου δικτύου, με το C επιλεγμένο στα ίδια "
        "δείγματα validation.",
    "{} is run {}, seed {}; the classical method on it has C = {}.":
        "{}: εκτέλεση {}, seed {}· η κλασική μέθοδος εκεί έχει C = {}.",
    "From the predictions that 6α gathered (run {}).": "Από τις προβλέψεις που συγκέντρωσε το 6α (εκτέλεση {}).",
    "The scores that lead are those of {}, by macro-F1 on the validation part.":
        "Προηγούνται οι τιμές του {}, με macro-F1 στο validation.",
    "Trained with {} seeds, {} to {}; the report is of the first.":
        "Εκπαίδευση με {} seeds, {} έως {}· η αναφορά είναι του πρώτου.",
    "Against {} on the same {} test tracks: accuracy {}, macro-F1 {}; {} clips are right here alone and {} there "
    "alone (McNemar's exact p = {}).":
        "Απέναντι στο {} στα ίδια {} κομμάτια του test: accuracy {}, macro-F1 {}· {} δείγματα είναι σωστά μόνο εδώ και "
        "{} μόνο εκεί (ακριβές p του McNemar = {}).",
    "Against {} on the same {} test tracks: accuracy {}, macro-F1 {}; {} clips are right here alone and {} there "
    "alone (McNemar's exact p < {}).":
        "Απέναντι στο {} στα ίδια {} κομμάτια του test: accuracy {}, macro-F1 {}· {} δείγματα είναι σωστά μόνο εδώ και "
        "{} μόνο εκεί (ακριβές p του McNemar < {}).",
    "Against {} on the same {} test tracks: accuracy {}, macro-F1 {}; {} clips are right here alone and {} there "
    "alone (trained on different tracks, so no p value).":
        "Απέναντι στο {} στα ίδια {} κομμάτια του test: accuracy {}, macro-F1 {}· {} δείγματα είναι σωστά μόνο εδώ και "
        "{} μόνο εκεί (εκπαιδεύτηκαν σε διαφορετικά κομμάτια, άρα χωρίς τιμή p).",
    "{} has no result yet, so there is nothing to compare with.":
        "Το {} δεν έχει ακόμη αποτέλεσμα, άρα δεν υπάρχει με τι να συγκριθεί.",
    "{=} (run {=})": "{} (εκτέλεση {})",
    "Not trained with the default settings: {=}.": "Δεν εκπαιδεύτηκαν με τις προεπιλογές: {}.",
    "not trained with the default settings: {=}": "δεν εκπαιδεύτηκαν με τις προεπιλογές: {}",
    "The model was trained in {} (run {}).": "Το μοντέλο εκπαιδεύτηκε στο {} (εκτέλεση {}).",
    "A training step over {} frames takes {} times as long as one over {} beats, for {} times as many time steps, on "
    "{}. An epoch over the {} training clips would take about {} by frames and {} by beats.":
        "Ένα βήμα εκπαίδευσης σε {} πλαίσια διαρκεί {} φορές όσο ένα σε {} beats, για {} φορές περισσότερα χρονικά "
        "βήματα, σε {}. Μία εποχή στα {} δείγματα εκπαίδευσης θα διαρκούσε περίπου {} σε πλαίσια και {} σε beats.",
    "{} clips of {} to {} frames in one batch of {}. A clip's output is the same alone, in the batch, and with {} "
    "more frames of silence: they part by {} at most, which is rounding. A network that took the padding for music "
    "would be off by {}.":
        "{} δείγματα με {} έως {} πλαίσια σε ένα batch {}. Η έξοδος ενός κομματιού είναι ίδια μόνο του, μέσα στο batch "
        "και με {} επιπλέον πλαίσια σιωπής: διαφέρουν το πολύ κατά {}, όσο η στρογγυλοποίηση. Ένα δίκτυο που θα "
        "περνούσε το padding για μουσική θα απέκλινε κατά {}.",
    "{} clips of {} to {} beats in one batch of {}. A clip's output is the same alone, in the batch, and with {} "
    "more beats of silence: they part by {} at most, which is rounding. A network that took the padding for music "
    "would be off by {}.":
        "{} δείγματα με {} έως {} beats σε ένα batch {}. Η έξοδος ενός κομματιού είναι ίδια μόνο του, μέσα στο batch "
        "και με {} επιπλέον beats σιωπής: διαφέρουν το πολύ κατά {}, όσο η στρογγυλοποίηση. Ένα δίκτυο που θα "
        "περνούσε το padding για μουσική θα απέκλινε κατά {}.",
    "Failed: the training loss stands at {} after {} epochs, above {}. Look at the learning rate (too high when the "
    "curve jumps, too low when it crawls), at dead or constant inputs (step 0 checks the data), and at more epochs.":
        "Αποτυχία: το σφάλμα εκπαίδευσης είναι {} μετά από {} εποχές, πάνω από το {}. Δείτε τον ρυθμό μάθησης (πολύ "
        "μεγάλος αν η καμπύλη πηδά, πολύ μικρός αν σέρνεται), νεκρές ή σταθερές εισόδους (το βήμα 0 ελέγχει τα "
        "δεδομένα) και περισσότερες εποχές.",
    "From scratch, the same network, epochs and rates otherwise: {}":
        "Από το μηδέν, με το ίδιο δίκτυο, τις ίδιες εποχές και τους ίδιους ρυθμούς κατά τα άλλα: {}",
    **greek_sentences.PHRASES,
    **greek_regression.PHRASES,
    **greek_inside.PHRASES,
    **greek_maps.PHRASES,
    **greek_emotion.PHRASES,
}  # fmt: skip


def in_language(result: Result, language: str) -> Result:
    """Return a result as it is drawn in ``en`` or ``el``; names of files, values and classes stay as they are."""
    if language != "el":
        return result
    return replace(
        result,
        values={name: replace(value, reason=greek(value.reason)) for name, value in result.values.items()},
        tables={name: _table(table) for name, table in result.tables.items()},
        figures={name: figure_in(figure, language) for name, figure in result.figures.items()},
        text="\n".join(map(greek, result.text.split("\n"))),
    )


def figure_in(figure: _Figure, language: str) -> _Figure:
    """Return a figure with its title, axes and lines in ``en`` or ``el``."""
    if language != "el":
        return figure
    changes: dict[str, Any] = {"title": greek(figure.title)}
    for name in ("x_axis", "y_axis", "z_axis", "value_axis"):
        axis: Axis | None = getattr(figure, name, None)
        if axis is not None:
            changes[name] = replace(axis, name=greek(axis.name), unit=greek(axis.unit))
    series: tuple[Series, ...] | None = getattr(figure, "series", None)
    if series is not None:
        changes["series"] = tuple(replace(line, name=greek(line.name)) for line in series)
    panels: tuple[Figure, ...] | None = getattr(figure, "panels", None)
    if panels is not None:
        changes["panels"] = tuple(figure_in(panel, language) for panel in panels)
    if isinstance(figure, Bars):
        changes["categories"] = tuple(in_greek_below(figure.x_axis.name, one) for one in figure.categories)
    notes: tuple[str, ...] | None = getattr(figure, "notes", None)
    if notes is not None:
        changes["notes"] = tuple(map(greek, notes))
    return replace(figure, **changes)


# Headings of what a data set names, and the rows of ours among its classes.
_NAMED_BY_DATA = ("class", "genre", "true", "predicted")
_OWN_ROWS = {"macro average", "micro average"}

# Words that English puts between others, and that neither a name nor a number has.
_BETWEEN = re.compile(
    r"\b(?:an?|the|of|in|on|at|to|for|by|with|from|than|as|into|and|or|nor|not|no|none|but|if|so|is|are|was|were|be|been|"
    r"it|its|this|that|these|those|which|who|has|have|had|does|do|did|can|cannot|will|would|should|must|they|them|there)\b"
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|\S*[/\\]\S*")
_SENTENCES = re.compile(r"(?<=[.!?]) +(?=[A-ZΑ-Ω])")
_PLACE = re.compile(r"\{=?\}")
# A phrase with so few letters of its own fits many a sentence that it was not made for.
_FEW_LETTERS = 12


def is_english(text: str) -> bool:
    """Tell whether a text that no table knows has words of an English sentence, so that it is no name and no number."""
    return bool(_BETWEEN.search(_QUOTED.sub("", text)))


def _says_little(phrase: str) -> bool:
    """Tell whether a phrase has few letters besides its places."""
    return sum(map(str.isalpha, _PLACE.sub("", phrase))) < _FEW_LETTERS


class Phrases:
    """A table of phrases with their translations; ``{}`` in both is a place for what varies.

    What stands in a place is translated too; in one that the phrase writes ``{=}`` it is a name, and stays. A sentence
    is translated whole or stays whole: where a place would hold words of English that the table does not know, the
    phrase is not taken.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table
        # Those with the most text of their own first.
        with_places = sorted((phrase for phrase in table if _PLACE.search(phrase)), key=len, reverse=True)
        self._patterns = [
            (
                re.compile("(.+?)".join(map(re.escape, _PLACE.split(phrase)))),
                table[phrase],
                [place == "{=}" for place in _PLACE.findall(phrase)],
                _says_little(phrase),
            )
            for phrase in with_places
        ]

    def of(self, text: str) -> str:
        """Return the translation of a text, or the text where the table does not know it."""
        found = self._table.get(text)
        if found is not None:
            return found
        for pattern, template, kept, little in self._patterns:
            match = pattern.fullmatch(text)
            # A place holds a part of a sentence, never the beginning of a next one.
            if match and not any(map(_SENTENCES.search, match.groups())):
                if little and any(stays and is_english(one) for one, stays in zip(match.groups(), kept, strict=True)):
                    continue
                found_parts = self._parts([text for text, stays in zip(match.groups(), kept, strict=True) if not stays])
                if found_parts is not None:
                    parts = iter(found_parts)
                    places = zip(match.groups(), kept, strict=True)
                    return template.format(*(text if stays else next(parts) for text, stays in places))
        head, colon, rest = text.partition(": ")
        sides = self._parts((head, rest)) if colon else None
        return self._sentences(text) if sides is None else ": ".join(sides)

    def _sentences(self, text: str) -> str:
        """Return the translations of several sentences, or the text where one of them is not known."""
        own = _SENTENCES.split(text)
        if len(own) == 1:
            return text
        found = [self.of(sentence) for sentence in own]
        return text if any(map(eq, found, own)) else " ".join(found)

    def _parts(self, texts: Sequence[str]) -> list[str] | None:
        """Return the translations of parts of a sentence, or None where one is prose that the table does not know."""
        found = [(text, self.of(text)) for text in texts]
        return None if any(text == said and is_english(text) for text, said in found) else [said for _, said in found]


@lru_cache(maxsize=1)
def _phrases() -> Phrases:
    return Phrases(PHRASES)


def greek(text: str) -> str:
    """Return what a part wrote in Greek, or as it is when the table does not know it."""
    name, _, what = text.rpartition(": ")
    if what in greek_sentences.OF_A_CLASS and "; " not in name:
        return f"{name}: {PHRASES[what]}"
    in_greek = greek_sentences.OF_A_CLASS.values()  # of a text that is in Greek already
    return text if any(one in text for one in in_greek) else _phrases().of(text)


def in_greek_below(heading: str, text: str) -> str:
    """Return a cell of a column, or a category of an axis, in Greek; what is named by a data set is no word of ours."""
    return text if heading in _names_of_data() and text not in _OWN_ROWS else greek(text)


@lru_cache(maxsize=1)
def _names_of_data() -> frozenset[str]:
    return frozenset((*_NAMED_BY_DATA, *map(greek, _NAMED_BY_DATA)))


def _cells(headings: Sequence[str], row: Sequence[Cell]) -> Iterator[Cell]:
    for heading, cell in zip((*headings, *("" for _ in row[len(headings) :])), row, strict=False):
        yield in_greek_below(heading, cell) if isinstance(cell, str) else cell


def _table(table: Table) -> Table:
    headings = [column.name for column in table.columns]
    return replace(
        table,
        title=greek(table.title),
        columns=tuple(replace(column, name=greek(column.name), unit=greek(column.unit)) for column in table.columns),
        rows=tuple(tuple(_cells(headings, row)) for row in table.rows),
        note=_note(table.note),
    )


def _note(note: str) -> str:
    """Return a note in Greek: whole where the table knows it so, else what it begins with and its last statement."""
    whole = greek(note)
    head, semicolon, last = note.rpartition("; ")
    # A semicolon is a question mark in Greek.
    return f"{_note(head)}· {greek(last)}" if semicolon and whole == note else whole
