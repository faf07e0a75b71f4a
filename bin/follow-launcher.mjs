/**
 * Loaded before the program that bin/stoa.mjs starts: when the launcher is killed, the program goes the same way. The
 * variable tells the launcher's own child from that child's forks, which load this too.
 */
const launcher = process.env.STOA_LAUNCHER_PID
delete process.env.STOA_LAUNCHER_PID
if (process.channel && launcher === String(process.ppid)) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel.unref()
}
