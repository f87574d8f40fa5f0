"""In Greek: figures as pictures, and the machine's GPUs."""

PHRASES = {
    # Keys
    "picture": "εικόνα", "characters": "χαρακτήρες",
    # Pictures
    "There is no PNG of this figure; the run draws it when it ends.":
        "Δεν υπάρχει PNG αυτού του διαγράμματος· το σχεδιάζει η εκτέλεση όταν τελειώνει.",
    "Pictures are off in the settings (F5, pictures).": "Οι εικόνες είναι κλειστές στις ρυθμίσεις (F5, pictures).",
    "tmux hands no pictures on: tmux set -p allow-passthrough on, then press v again.":
        "Το tmux δεν αφήνει εικόνες να περάσουν: tmux set -p allow-passthrough on, και πατήστε ξανά v.",
    "GNU screen hands no pictures on; the figure is drawn in characters.":
        "Το GNU screen δεν αφήνει εικόνες να περάσουν· το διάγραμμα σχεδιάζεται με χαρακτήρες.",
    "This terminal shows no pictures (kitty's protocol or sixel), or does not say so.":
        "Αυτό το τερματικό δεν δείχνει εικόνες (πρωτόκολλο του kitty ή sixel), ή δεν το λέει.",
    "process": "διεργασία",
    "Copied: {}": "Αντιγράφηκε: {}",
}  # fmt: skip
