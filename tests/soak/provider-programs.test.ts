import { furtherPrograms } from "../live/provider/programs/programs";
import { describePrograms } from "../live/provider/programs/suite";

describePrograms("more public programs", furtherPrograms);
