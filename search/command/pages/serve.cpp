#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "search/command/command.hpp"
#include "search/command/shared/version.hpp"
#include "search/loop/signals.hpp"
#include "search/serve/server.hpp"

namespace gensynth::command::pages {
namespace {

constexpr int kNice = 10;  // a search on this machine goes first

struct Options {
  std::vector<std::string> runs;
  serve::Access access{"127.0.0.1", 8765, ""};
  analysis::overview::RunReportLimits limits;
};

int serve_runs(const Options& options) {
  (void)::setpriority(PRIO_PROCESS, 0, kNice);  // without it, only slower
  serve::LiveReport report(options.runs, options.limits, shared::version_line());
  serve::Server server(options.access, report);
  loop::catch_stop_signals();
  std::printf("%s shows the runs; Ctrl-C ends it\n", server.url().c_str());
  std::fflush(stdout);
  std::thread listener([&] { server.listen(); });
  while (!loop::stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  server.stop();
  listener.join();
  return kDone;
}

}  // namespace

void add_serve(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("serve", "Show runs as a live page in a browser, read-only");
  command->add_option("RUN", options->runs, "folders of runs, finished or under way")->required();
  command->add_option("--port", options->access.port, "port; 0 takes a free one")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  command->add_option("--address", options->access.address, "address to listen at; another than loopback needs --token")
      ->capture_default_str();
  command->add_option("--token", options->access.token, "secret of at least 16 characters that readers must know");
  command->add_option("--networks", options->limits.networks, "as for `report`; at most 12 while a search is under way")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
  command->callback([options, &exit_code] { exit_code = serve_runs(*options); });
}

}  // namespace gensynth::command::pages
