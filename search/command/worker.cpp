#include <unistd.h>

#include "search/command/command.hpp"
#include "search/command/shared/flags.hpp"
#include "search/companion/calls.hpp"
#include "search/run/run.hpp"

namespace gensynth::command {

void add_worker(CLI::App& program, int&) {
  auto request = std::make_shared<companion::WorkerRequest>();
  CLI::App* command = program.add_subcommand("worker", "Evaluate trials of a run, like the workers of `search`");
  command->add_option("--store", request->store, "the run: its folder, its run.db, or sqlite3://RUN/run.db")
      ->required();
  command->add_option("--name", request->name, "name of this worker in the log; default: host and process number");
  command->add_option("--lease", request->lease_seconds, "seconds without a heartbeat after which a trial is lost")
      ->capture_default_str()
      ->check(shared::number_between(3, 86400));
  command->add_flag("--once", request->once, "end when nothing is queued");
  command->callback([request] {
    (void)run::Run::open(request->store, run::RunMode::work);  // bad input is reported before LibTorch is loaded
    if (request->name.empty()) {
      char host[256] = "host";
      (void)::gethostname(host, sizeof host - 1);
      request->name = std::string(host) + "-" + std::to_string(::getpid());
    }
    companion::become_worker(*request);
  });
}

}  // namespace gensynth::command
