#include <unistd.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/command/command.hpp"
#include "search/store/store.hpp"

namespace gensynth::command {

void add_worker(CLI::App& program, int& exit_code) {
  struct Options {
    std::string store;
    std::string name;
    double lease = 30;
    bool once = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("worker", "Evaluate trials of a run, as `search` has its workers do");
  command->add_option("--store", options->store, "the run's database: sqlite3://RUN/run.db or its path")->required();
  command->add_option("--name", options->name, "of this worker in the log; host and process number by default");
  command->add_option("--lease", options->lease, "seconds without a heartbeat after which a trial is lost")
      ->capture_default_str()
      ->check(number_between(3, 86400));
  command->add_flag("--once", options->once, "leave when nothing is queued");
  command->callback([options, &exit_code] {
    (void)store::Store::open(options->store);
    if (options->name.empty()) {
      char host[256] = "host";
      (void)::gethostname(host, sizeof host - 1);
      options->name = std::string(host) + "-" + std::to_string(::getpid());
    }
    const nlohmann::json request = {
        {"store", options->store}, {"name", options->name}, {"lease", options->lease}, {"once", options->once}};
    exit_code = run_companion("worker", request.dump());
  });
}

}  // namespace gensynth::command
