import { account } from "./account";
import { create } from "./create";
import { datasets } from "./datasets";
import { entrance } from "./entrance";
import { exit } from "./exit";
import { explaining } from "./explaining";
import { gallery } from "./gallery";
import { holding } from "./holding";
import { limits } from "./limits";
import { members } from "./members";
import { oversight } from "./oversight";
import { person } from "./person";
import { platform } from "./platform";
import { problems } from "./problems";
import { reasons } from "./reasons";
import { registry } from "./registry";
import { reviews } from "./reviews";
import { say } from "./say";
import { settings } from "./settings";
import { signingOn } from "./signing-on";
import { sso } from "./sso";
import { training } from "./training";
import { withheld } from "./withheld";

/** Every sentence of the portal, in English. */
export const en = { ...say, ...settings, ...account, ...reasons, ...problems, ...entrance, ...create, ...gallery, ...datasets, ...training, ...registry, ...oversight, ...exit, ...members, ...withheld, ...holding, ...signingOn, ...reviews, ...explaining, ...person, ...limits, ...sso, ...platform } as const;
