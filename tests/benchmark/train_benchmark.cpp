// Images per second of proxy training in one process, and in N processes at once.
//   gensynth_train_benchmark [--workers N] [--images M] [--px P] [--batch B] [--network FILE]
// Each worker is this program again, started with one thread and held back until all are ready. Prints one line of
// JSON for each number of workers: 1, 2, 4, ... N.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/serialize.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/train/trainer.hpp"

extern char** environ;

namespace gensynth {
namespace {

using Options = std::map<std::string, std::string>;

/// Depthwise and pointwise convolutions with batch norm, in four stages: the typical layers of a mobile network.
Architecture typical_network(int px) {
  ArchitectureBuilder b("typical", {Layout::map, 3, px, px});
  const auto normalised = [&](const Operator& op, int v) {
    return b.add(Activation{}, b.add(BatchNorm{}, b.add(op, v)));
  };
  int v = normalised(Convolution{.out_channels = 16, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, b.input());
  for (const int channels : {32, 64, 128, 256}) {
    for (int block = 0; block < 2; ++block) {
      const int in = b.shape(v).channels;
      if (block == 0 && channels > 32) v = b.add(BlurPool{3, 2}, v);
      v = normalised(Convolution{.out_channels = in, .kernel = {3, 3}, .padding = {1, 1}, .groups = in}, v);
      v = normalised(Convolution{.out_channels = channels}, v);
    }
  }
  return b.build(b.add(Linear{10}, b.add(GlobalPool{}, v)));
}

Architecture network(const Options& options) {
  const int px = std::stoi(options.at("px"));
  if (options.at("network").empty()) return typical_network(px);
  return read_architecture(options.at("network")).at_resolution(px);
}

data::Dataset data(const Options& options) {
  data::DataSpec spec;
  spec.px = std::stoi(options.at("px"));
  spec.images = 200;
  return data::Dataset::open(spec, (std::filesystem::temp_directory_path() / "gensynth_train_benchmark").string());
}

/// Waits for a line on standard input, trains, and prints images per second of training.
int work(const Options& options) {
  libtorch::set_up_torch_process();
  const data::Dataset images = data(options);
  train::TrainSpec spec;
  spec.batch = std::stoi(options.at("batch"));
  spec.images = 4 * spec.batch;
  const Architecture architecture = network(options);
  train(architecture, images, spec, 1);  // warms up
  std::cout << "ready" << std::endl;
  std::string go;
  std::getline(std::cin, go);
  spec.images = std::stoll(options.at("images"));
  const train::TrainResult result = train(architecture, images, spec, 1);
  std::cout << static_cast<double>(result.images) / result.seconds << std::endl;
  return result.diverged ? 1 : 0;
}

struct Worker {
  pid_t pid = 0;
  FILE* to = nullptr;
  FILE* from = nullptr;
};

Worker start(const Options& options) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) throw Error("no pipe for a worker");
  std::vector<std::string> words{"/proc/self/exe", "--worker", "yes"};
  for (const auto& [key, value] : options) {
    if (value.empty() || key == "workers") continue;
    words.push_back("--" + key);
    words.push_back(value);
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  Worker worker;
  const int failed = posix_spawn(&worker.pid, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  if (failed != 0) throw Error("a worker did not start");
  worker.to = fdopen(in[1], "w");
  worker.from = fdopen(out[0], "r");
  return worker;
}

std::string line_of(const Worker& worker) {
  char text[256];
  if (!std::fgets(text, sizeof text, worker.from)) throw Error("a worker ended early");
  return text;
}

double images_per_second(const Options& options, int count) {
  std::vector<Worker> workers;
  for (int i = 0; i < count; ++i) {
    workers.push_back(start(options));
    if (i == 0) line_of(workers[0]);  // the first one makes the images
  }
  for (int i = 1; i < count; ++i) line_of(workers[static_cast<std::size_t>(i)]);
  for (const Worker& worker : workers) {
    std::fputs("go\n", worker.to);
    std::fflush(worker.to);
  }
  double sum = 0;
  for (const Worker& worker : workers) sum += std::stod(line_of(worker));
  for (const Worker& worker : workers) {
    std::fclose(worker.to);
    std::fclose(worker.from);
    int status = 0;
    waitpid(worker.pid, &status, 0);
    if (status != 0) throw Error("a worker failed");
  }
  return sum;
}

int measure(const Options& options) {
  setenv("OMP_NUM_THREADS", "1", 1);
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  const Architecture architecture = network(options);
  const Cost counted = cost(architecture);
  const int most = std::stoi(options.at("workers"));
  double alone = 0;
  for (int count = 1; count <= most; count = count == most ? most + 1 : std::min(2 * count, most)) {
    const double rate = images_per_second(options, count);
    if (count == 1) alone = rate;
    std::cout << "{\"workers\": " << count << ", \"images_per_second\": " << rate << ", \"scaling\": " << rate / alone
              << ", \"px\": " << options.at("px") << ", \"batch\": " << options.at("batch")
              << ", \"params\": " << counted.params << ", \"macs\": " << counted.macs
              << ", \"cores\": " << std::thread::hardware_concurrency() << ", \"torch\": \""
              << libtorch::torch_version() << "\"}" << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace gensynth

int main(int count, char** words) {
  gensynth::columnar::Options options{{"workers", "4"}, {"images", "6400"}, {"px", "64"},
                                      {"batch", "32"},  {"network", ""},    {"worker", ""}};
  try {
    for (int i = 1; i < count; i += 2) {
      const std::string key = std::string(words[i]).substr(0, 2) == "--" ? words[i] + 2 : "";
      if (!options.contains(key) || i + 1 == count) {
        throw gensynth::Error(std::string("unexpected '") + words[i] + "', see the head of train_benchmark.cpp");
      }
      options[key] = words[i + 1];
    }
    return options["worker"].empty() ? gensynth::measure(options) : gensynth::latency::model::work(options);
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 2;
  }
}
