#include <cstdio>
#include <filesystem>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "search/command/command.hpp"
#include "search/job/job.hpp"

namespace gensynth::command {

void add_init(CLI::App& program, int& exit_code) {
  auto path = std::make_shared<std::string>("job.json");
  CLI::App* command = program.add_subcommand("init", "Write a commented job file to start from");
  command->add_option("--out", *path, "file to write")->capture_default_str();
  command->callback([path, &exit_code] {
    if (std::filesystem::exists(*path)) throw Error(*path + ": exists already; give another name by --out");
    write_file_atomically(*path, job::starter_job());
    std::printf("wrote %s; next: gensynth search %s --out run\n", path->c_str(), path->c_str());
    exit_code = kDone;
  });
}

}  // namespace gensynth::command
