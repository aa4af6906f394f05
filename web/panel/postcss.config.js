import presetMantine from "postcss-preset-mantine";
import simpleVars from "postcss-simple-vars";

export default {
  plugins: [
    presetMantine(),
    simpleVars({ variables: { "narrow": "48em", "medium": "75em" } }),
  ],
};
