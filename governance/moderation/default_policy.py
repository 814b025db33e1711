"""The policy that a studio starts with: what no house may make, whatever its project. Studios add versions of their own."""

from typing import Final

from governance.moderation.rules import Policy, Rule

DEFAULT: Final = Policy(
    rules=(
        Rule("minors.sexual", "child porn", "sexual content with minors"),
        Rule("minors.sexual", "csam", "sexual content with minors"),
        Rule("minors.sexual", "lolicon", "sexual content with minors"),
        Rule("minors.sexual", "shotacon", "sexual content with minors"),
        Rule("sexual.explicit", "porn", "explicit sexual content"),
        Rule("sexual.explicit", "pornographic", "explicit sexual content"),
        Rule("sexual.explicit", "hentai", "explicit sexual content"),
        Rule("sexual.nonconsensual", "rape", "sexual violence"),
        Rule("sexual.nonconsensual", "upskirt", "sexual violence"),
        Rule("sexual.nonconsensual", "undress her", "taking clothes off people"),
        Rule("violence.extreme", "beheading", "extreme violence"),
        Rule("violence.extreme", "dismemberment", "extreme violence"),
        Rule("hate.symbol", "swastika", "symbols of hatred"),
        Rule("hate.symbol", "nazi", "symbols of hatred"),
    ),
    withheld_from={"nsfw": 0.8},
)
