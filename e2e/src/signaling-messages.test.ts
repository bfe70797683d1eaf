import { targets } from "./setup/targets";
import { describeMessages } from "./suites/describe-messages";

describeMessages(targets);
