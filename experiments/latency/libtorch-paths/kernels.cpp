// Calls one kernel class of LibTorch a few times, so that an emulator can tell what it takes.
// Usage: kernels KERNEL on|off REPEATS MAPS    (on, off: oneDNN)
// KERNEL is one of the names below, or conv_IN_OUT_KERNEL_STRIDE_GROUPS_PX. Without arguments: their names.
// MAPS: a file that gets the code segments of the process, one "first last library" on a line, addresses in decimal.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>

namespace {

using Call = std::function<void()>;

Call convolution(int in, int out, int kernel, int stride, int groups, int px) {
  const auto x = at::randn({1, in, px, px});
  const auto weight = at::randn({out, in / groups, kernel, kernel});
  const auto bias = at::randn({out});
  return [=] { at::conv2d(x, weight, bias, stride, kernel / 2, 1, groups); };
}

std::map<std::string, Call> calls() {
  const auto x = at::randn({1, 64, 28, 28});
  const auto ones = at::ones({64});
  const auto row = at::randn({1, 256});
  const auto rows = at::randn({1, 64, 256});
  const auto matrix = at::randn({256, 256});
  const auto vector = at::randn({256});
  const auto heads = at::randn({4, 64, 32});
  return {{"nothing", [] {}},
          {"linear", [=] { at::linear(row, matrix, vector); }},
          {"tokens", [=] { at::linear(rows, matrix, vector); }},
          {"softmax", [=] { at::softmax(heads, -1); }},
          {"batch_norm", [=] { at::batch_norm(x, ones, ones, ones, ones, false, 0.1, 1e-5, false); }},
          {"relu", [=] { at::relu(x); }},
          {"hard_swish", [=] { at::hardswish(x); }},
          {"silu", [=] { at::silu(x); }},
          {"add", [=] { at::add(x, x); }},
          {"multiply", [=] { at::mul(x, x); }},
          {"max_pool", [=] { at::max_pool2d(x, 3, 2, 1); }},
          {"average_pool", [=] { at::avg_pool2d(x, 2, 2); }},
          {"global_pool",
           [=] {
             at::adaptive_avg_pool2d(x, {1, 1});
           }},
          {"nearest",
           [=] {
             at::upsample_nearest2d(x, {56, 56});
           }},
          {"bilinear", [=] {
             at::upsample_bilinear2d(x, {56, 56}, false);
           }}};
}

void write_code_segments(const char* path) {
  std::FILE* maps = std::fopen("/proc/self/maps", "r");
  std::FILE* out = std::fopen(path, "w");
  if (maps == nullptr || out == nullptr) std::exit(2);
  char line[4096];
  while (std::fgets(line, sizeof line, maps) != nullptr) {
    unsigned long first = 0;
    unsigned long last = 0;
    char rights[8] = "";
    char file[4000] = "";
    if (std::sscanf(line, "%lx-%lx %7s %*s %*s %*s %3999s", &first, &last, rights, file) < 4) continue;
    if (std::strchr(rights, 'x') == nullptr || file[0] != '/') continue;
    std::fprintf(out, "%lu %lu %s\n", first, last, std::strrchr(file, '/') + 1);
  }
  std::fclose(maps);
  std::fclose(out);
}

}  // namespace

int main(int argc, char** argv) {
  at::set_num_threads(1);
  const c10::InferenceMode guard;
  std::map<std::string, Call> known = calls();
  if (argc != 5) {
    for (const auto& [name, call] : known) std::printf("%s\n", name.c_str());
    return 2;
  }
  const std::string name = argv[1];
  at::globalContext().setUserEnabledMkldnn(std::string(argv[2]) == "on");
  int in = 0, out = 0, kernel = 0, stride = 0, groups = 0, px = 0;
  if (std::sscanf(name.c_str(), "conv_%d_%d_%d_%d_%d_%d", &in, &out, &kernel, &stride, &groups, &px) == 6) {
    known[name] = convolution(in, out, kernel, stride, groups, px);
  }
  const auto found = known.find(name);
  if (found == known.end()) {
    std::fprintf(stderr, "kernels: unknown kernel '%s'\n", name.c_str());
    return 2;
  }
  for (int i = std::atoi(argv[3]); i > 0; --i) found->second();
  write_code_segments(argv[4]);
}
