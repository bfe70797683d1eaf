import { targets } from "./setup/targets";
import { describeRooms } from "./suites/describe-rooms";

describeRooms(targets);
