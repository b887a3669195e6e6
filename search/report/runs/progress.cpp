#include "search/report/runs/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "architecture/base/clock.hpp"
#include "search/report/format.hpp"
#include "search/report/terminal.hpp"

namespace gensynth::report::runs {
namespace {

constexpr double kRedrawSeconds = 0.2;
constexpr std::int64_t kSureTrials = 3;  ///< fewer trials say little about the time that is left

int terminal_width() {
  winsize size = {};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
}

std::string counts_text(const loop::SearchProgress& progress) {
  std::string text;
  using enum trial::TrialState;
  for (const trial::TrialState state : {running, queued, scored, pruned, rejected, duplicate, failed}) {
    const auto found = progress.counts.find(state);
    if (found != progress.counts.end() && found->second > 0)
      text += fmt::format(" {} {}", found->second, to_string(state));
  }
  return text;
}

std::string best_text(const loop::SearchProgress& progress) {
  if (!progress.best) return "no feasible one yet";
  std::string text = fmt::format("best #{} U {:.2f}", progress.best->id, *progress.best->u);
  if (const auto top1 = progress.best->metrics.value("proxy_top1")) text += fmt::format(" proxy {:.1f} %", *top1);
  return text;
}

}  // namespace

std::string progress_line(const loop::SearchProgress& progress, int width) {
  const double share = progress.target > 0
                           ? std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.target))
                           : 1;
  std::string line = fmt::format("{}/{}", progress.done, progress.target);
  line += " |" + counts_text(progress) + " | " + best_text(progress);
  if (progress.eta && progress.done < progress.target) {
    line += " | " + duration_text(*progress.eta) + (progress.done < kSureTrials ? " left (uncertain)" : " left");
  }
  const int room = std::min(24, width - static_cast<int>(line.size()) - 4);
  if (room >= 6) {
    const int filled = static_cast<int>(share * room);
    line = "[" + std::string(static_cast<std::size_t>(filled), '=') +
           std::string(static_cast<std::size_t>(room - filled), ' ') + "] " + line;
  }
  return line;
}

ProgressDisplay::ProgressDisplay(bool quiet) : quiet_(quiet), terminal_(is_terminal(STDERR_FILENO)) {}
ProgressDisplay::~ProgressDisplay() { finish(); }

void ProgressDisplay::show(const loop::SearchProgress& progress) {
  if (quiet_) return;
  if (terminal_) {
    if (now_seconds() - last_draw_ < kRedrawSeconds && progress.done < progress.target) return;
    last_draw_ = now_seconds();
    const int width = terminal_width();
    std::string line = progress_line(progress, width);
    line.resize(std::min<std::size_t>(line.size(), static_cast<std::size_t>(width - 1)));
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
    std::fflush(stderr);
    drawn_ = true;
    return;
  }
  const std::int64_t tenth = progress.target > 0 ? 10 * progress.done / progress.target : 10;
  const std::int64_t best = progress.best ? progress.best->id : 0;
  if (tenth == last_tenth_ && best == last_best_) return;
  last_tenth_ = tenth;
  last_best_ = best;
  std::fprintf(stderr, "%s  %s\n", duration_text(progress.elapsed).c_str(), progress_line(progress, 0).c_str());
}

void ProgressDisplay::finish() {
  if (drawn_) std::fprintf(stderr, "\n");
  drawn_ = false;
}

}  // namespace gensynth::report::runs
