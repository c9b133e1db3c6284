/** What every comment of ours begins with, whatever it is about: by this a bot finds it again. */
export const markdownMark = "<!-- cometform:plan ";

/** What every page of ours has near its beginning. */
export const reportMark = '<meta name="generator" content="cometform plan">';
