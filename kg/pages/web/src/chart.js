// The parts of Observable Plot that ../static/chart.js draws with.
export { axisX, axisY, barX, barY, dot, gridX, gridY, line, plot, ruleX, ruleY } from "@observablehq/plot";
