import { programs } from "./provider/programs/programs";
import { describePrograms } from "./provider/programs/suite";

describePrograms("public programs", programs);
