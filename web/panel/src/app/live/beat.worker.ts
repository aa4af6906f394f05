// A worker's timer keeps its pace when the tab is in the background, where timers of the page slow down to once a minute.
const beatEvery = 5_000;
setInterval(() => postMessage(null), beatEvery);
