"""The report's own words, in both languages."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from labsteps.text import Text

WORDS: Final[Mapping[str, Text]] = {
    "title": Text(
        "Laboratory exercise 2: music genre recognition and emotion prediction",
        "2η Εργαστηριακή Άσκηση: Αναγνώριση Είδους και Εξαγωγή Συναισθήματος από Μουσική",
    ),
    "course": Text("Pattern Recognition", "Αναγνώριση Προτύπων"),
    "school": Text(
        "National Technical University of Athens, School of Electrical and Computer Engineering",
        "Εθνικό Μετσόβιο Πολυτεχνείο, Σχολή Ηλεκτρολόγων Μηχανικών και Μηχανικών Υπολογιστών",
    ),
    "no members": Text("Name and student id to be added", "Όνομα και αριθμός μητρώου προς συμπλήρωση"),
    "contents": Text("Contents", "Περιεχόμενα"),
    "figure": Text("Figure", "Σχήμα"),
    "table": Text("Table", "Πίνακας"),
    "page": Text("page", "σελίδα"),
    "step": Text("Step", "Βήμα"),
    "question": Text("Question", "Ερώτηση"),
    "answer": Text("Answer", "Απάντηση"),
    "open": Text("Not answered yet.", "Δεν έχει απαντηθεί ακόμη."),
    "summary": Text("The session and its results", "Η συνεδρία και τα αποτελέσματά της"),
    "not run": Text("This part has no result in the session yet.", "Αυτό το μέρος δεν έχει ακόμη αποτέλεσμα."),
    "not built": Text(
        "This version of the workbench cannot run this part yet.",
        "Αυτή η έκδοση του workbench δεν μπορεί ακόμη να εκτελέσει αυτό το μέρος.",
    ),
    "other data": Text(
        "This result was made on other data than those the session has now.",
        "Αυτό το αποτέλεσμα βγήκε σε άλλα δεδομένα από αυτά που έχει τώρα η συνεδρία.",
    ),
    "parameters": Text("Parameters", "Παράμετροι"),
    "defaults": Text("all at their defaults", "όλες στις προεπιλογές"),
    "own defaults": Text(
        "those of this part itself all at their defaults", "του ίδιου του μέρους όλες στις προεπιλογές"
    ),
    "own rest default": Text(
        "the others of this part itself at their defaults", "οι υπόλοιπες του ίδιου του μέρους στις προεπιλογές"
    ),
    "rest default": Text("the others at their defaults", "οι υπόλοιπες στις προεπιλογές"),
    "default": Text("default", "προεπιλογή"),
    "changed live": Text("changed while it ran, {} before", "άλλαξε στην πορεία, πριν {}"),
    "genre models": Text("Genre: every model on its test set", "Είδος: κάθε μοντέλο στο test set του"),
    "emotion models": Text(
        "Emotion: Spearman correlation on held-out tracks", "Συναίσθημα: συσχέτιση Spearman σε κρατημένα κομμάτια"
    ),
    "model": Text("model", "μοντέλο"),
    "part": Text("part", "μέρος"),
    "brackets note": Text(
        "in brackets 95 % intervals over the tracks: of accuracy Wilson's, else by bootstrap",
        "σε αγκύλες διαστήματα 95 % στα κομμάτια: της accuracy κατά Wilson, τα άλλα με bootstrap",
    ),
    "majority class": Text("majority class", "πολυπληθέστερη κλάση"),
    "references": Text("References", "Βιβλιογραφία"),
    "appendix": Text("Appendix: the runs behind this report", "Παράρτημα: οι εκτελέσεις πίσω από την αναφορά"),
    "run": Text("run", "εκτέλεση"),
    "seed": Text("seed", "seed"),
    "time": Text("time", "χρόνος"),
    "device": Text("device", "συσκευή"),
    "data": Text("data", "δεδομένα"),
    "environment": Text("environment", "περιβάλλον"),
    "settings": Text("settings", "ρυθμίσεις"),
    "value": Text("value", "τιμή"),
    "session": Text("session", "συνεδρία"),
    "repeat": Text("the same again", "επανάληψη"),
    "undefined": Text("undefined", "δεν ορίζεται"),
    "made with": Text(
        "Numbers and figures were taken from the stored results of the session.",
        "Οι αριθμοί και τα σχήματα προέρχονται από τα αποθηκευμένα αποτελέσματα της συνεδρίας.",
    ),
    "done parts": Text("parts done", "ολοκληρωμένα μέρη"),
    "answered": Text("questions answered", "απαντημένες ερωτήσεις"),
}


_MONTHS = (
    *("Ιανουαρίου", "Φεβρουαρίου", "Μαρτίου", "Απριλίου", "Μαΐου", "Ιουνίου"),
    *("Ιουλίου", "Αυγούστου", "Σεπτεμβρίου", "Οκτωβρίου", "Νοεμβρίου", "Δεκεμβρίου"),
)


def written_date(when: time.struct_time, language: str) -> str:
    """Return a day as a title page has it: ``2026-11-27``, in Greek ``27 Νοεμβρίου 2026``."""
    if language == "el":
        return f"{when.tm_mday} {_MONTHS[when.tm_mon - 1]} {when.tm_year}"
    return time.strftime("%Y-%m-%d", when)


def word(name: str, language: str) -> str:
    """Return one of the report's words in ``en`` or ``el``."""
    return WORDS[name].to(language)
