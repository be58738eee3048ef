"""Section 3 of ``docs/engine.md`` as data: code, outcome, refer level, steps moved, in order.

The two rows that turn a step back into something else stand before the step
back rows here, three strikes first (see ``programs.engine.rules``).
"""

ADVANCE = ("advance", "none", 1)
HOLD = ("hold", "none", 0)
BACK = ("step_back", "none", -1)
PAUSE = ("pause_and_refer", "routine", 0)

CONTRACT = {
    "D1_EMERGENCY": ("pause_and_refer", "emergency", 0),
    "D2_URGENT": ("pause_and_refer", "urgent", 0),
    "D3_PAUSED": ("pause_and_refer", "as set", 0),
    "D4A_LEG_PAIN": PAUSE,
    "D4B_SEVERE": PAUSE,
    "D4C_S0_SEVERE": PAUSE,
    "D4D_THREE_STRIKES": PAUSE,
    "D5Z_FLOOR": ("hold", "routine", 0),
    "D5A_RED_PAIN": BACK,
    "D5B_RED_MORNING": BACK,
    "D5C_TWO_FLARES": BACK,
    "D5D_WARMUP": BACK,
    "D5E_LIMP": BACK,
    "D5F_TWO_STOPS": BACK,
    "D5G_LONG_GAP": BACK,
    "D6_NOT_BETTER": ("hold", "routine", 0),
    "D7B_PHYSIO_SET": HOLD,
    "D7C_PHYSIO_CLEAR": HOLD,
    "D7A_PHYSIO_HOLD": HOLD,
    "D8A_NO_LOG": HOLD,
    "D8B_COOLDOWN": HOLD,
    "D8C_LEG_ONCE": HOLD,
    "D9B_S0_EASED": ADVANCE,
    "D9C_S0_CAP": ADVANCE,
    "D8N_S0_REST": HOLD,
    "D8D_WARMUP_RESOLVED": HOLD,
    "D8E_STOPPED": HOLD,
    "D8F_FLARE": HOLD,
    "D8G_AMBER": HOLD,
    "D8O_SCORE_MISSING": HOLD,
    "D8H_FINAL": HOLD,
    "D8I_PENDING": HOLD,
    "D8J_MIN_DAYS": HOLD,
    "D8K_FEW_LOGS": HOLD,
    "D8L_SESSIONS": HOLD,
    "D8M_QUIET_DAYS": HOLD,
    "D8P_SIGN_OFF": HOLD,
    "D9A_ADVANCE": ADVANCE,
}
