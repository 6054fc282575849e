// A written page: all of it is there without scripts; they let it be asked.

import { followContents } from "./contents.js";
import { askFigures } from "./figures.js";
import { sortTables } from "./sorting.js";
import { slideSteps } from "./steps.js";

sortTables();
slideSteps();
askFigures();
followContents();
