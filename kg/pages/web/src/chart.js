// The parts of Observable Plot that ../static/chart.js draws with.
export { barX, dot, line, plot, ruleX, ruleY } from "@observablehq/plot";
