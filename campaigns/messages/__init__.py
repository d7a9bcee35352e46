"""What an alert says, built from its blocks: messages per variant and language, preview, checks before sending."""

from campaigns.messages.contents import AlertContents, action_address, build_contents

__all__ = ["AlertContents", "action_address", "build_contents"]
