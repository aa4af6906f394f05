import { boot } from "./main";
import { guard } from "./safe";

guard(boot);
