#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "search/command/command.hpp"
#include "search/job/job_options.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string out = "job.json";
  bool schema = false;
  bool keys = false;
};

int init(const Options& options) {
  if (options.schema) {
    std::printf("%s\n", job::job_schema().dump(2).c_str());
    return kDone;
  }
  if (options.keys) {
    for (const job::KeyTable& table : job::job_key_tables()) {
      std::printf("## %s\n%s\n", table.section.c_str(), table.markdown.c_str());
    }
    return kDone;
  }
  if (std::filesystem::exists(options.out)) {
    throw Error(options.out + ": exists already; give another name by --out", ErrorKind::usage);
  }
  write_file_atomically(options.out, job::starter_job());
  std::printf("wrote %s; next: gensynth search %s --out run\n", options.out.c_str(), options.out.c_str());
  return kDone;
}

}  // namespace

void add_init(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("init", "Write a commented job file to start from");
  CLI::Option* out = command->add_option("--out", options->out, "file to write")->capture_default_str();
  CLI::Option* schema = command->add_flag("--schema", options->schema, "print the JSON schema of a job instead");
  command
      ->add_flag("--keys", options->keys, "print every key of a job with default, range and meaning (Markdown) instead")
      ->excludes(out)
      ->excludes(schema);
  schema->excludes(out);
  command->callback([options, &exit_code] { exit_code = init(*options); });
}

}  // namespace gensynth::command
