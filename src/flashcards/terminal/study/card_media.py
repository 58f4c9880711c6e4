"""Images and sounds of the current card, shown and played by other programs."""

from flashcards.core.sounds import sound_sources
from flashcards.terminal.device.images import image_sources
from flashcards.terminal.study.actions import StudyActions


class CardMedia:
    """The images and sounds of the current card."""

    def __init__(self, actions: StudyActions) -> None:
        self._actions = actions
        self._sounds_played = 0

    def open_image(self, *, answer_shown: bool) -> str:
        """Open the first visible image; return a message."""
        card, port = self._actions.current_card, self._actions.port
        for source in image_sources(f"{card.front}\n{card.back if answer_shown else ''}"):
            if (path := port.find_image(source, card.path)) is not None:
                return port.open_image(path)
        return "no image here"

    def sounds(self, *, answer_shown: bool) -> list[str]:
        """Return the sounds that may be heard now, the latest side first."""
        card = self._actions.current_card
        hint = card.hint if self._actions.hint_shown else ""
        front = [*sound_sources(card.front), *sound_sources(hint)]
        return [*sound_sources(f"{card.back}\n{card.remark}"), *front] if answer_shown else front

    def listen(self, *, answer_shown: bool) -> str:
        """Stop the playing sound or play the next one; return a message."""
        port, sounds = self._actions.port, self.sounds(answer_shown=answer_shown)
        if port.stop_sound():
            return ""
        if not sounds:
            return "no sound here"
        source = sounds[self._sounds_played % len(sounds)]
        self._sounds_played += 1
        return port.play_sound(source, self._actions.current_card.path)

    def begin_side(self, *, answer_shown: bool) -> None:
        """Play the newly shown side's sound if the settings say so."""
        port, self._sounds_played = self._actions.port, 0
        if not answer_shown:
            port.stop_sound()
        if self._actions.card_state is not None and port.plays_sounds():
            card = self._actions.current_card
            if sound := next(sound_sources(card.back if answer_shown else card.front), ""):
                port.play_sound(sound, card.path)
