/**
 * Sends calls as soon as those they wait for have ended, so many at a time, in the order given.
 *
 * Each call has `waits`, the positions of others.
 */
export function dispatch(calls, concurrency, send) {
  const open = calls.map(({ waits }) => waits.length);
  const followers = calls.map(() => []);
  calls.forEach(({ waits }, at) => {
    for (const earlier of waits) followers[earlier].push(at);
  });
  const ready = calls.flatMap((_, at) => (open[at] === 0 ? [at] : []));
  let next = 0;
  let ended = 0;
  let running = 0;
  return new Promise((done, fail) => {
    const start = () => {
      while (running < concurrency && next < ready.length) {
        const at = ready[next];
        next += 1;
        running += 1;
        send(calls[at]).then(() => end(at), fail);
      }
      if (ended === calls.length) done();
    };
    const end = (at) => {
      running -= 1;
      ended += 1;
      for (const follower of followers[at]) {
        open[follower] -= 1;
        if (open[follower] === 0) ready.push(follower);
      }
      start();
    };
    start();
  });
}

/** Tells the one who measures what came of it. */
export function tell(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
