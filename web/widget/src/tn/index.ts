import { boot } from "../loader/main";
import { guard } from "../loader/safe";
import { adopt } from "./adopt";

guard(() => adopt(window));
guard(() => boot("/js/tn.js"));
