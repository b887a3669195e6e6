// A plugin that does not throw but takes its process with it, in check, in create and (PLUGIN_CONSTRUCTOR) while its
// library is loaded.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <gensynth_plugin.hpp>
#include <vector>

namespace {

using gensynth::plugin::json;

/// Misbehaves as `how` names it; does not return.
void misbehave(const std::string& how) {
  if (how == "exit") std::exit(0);
  if (how == "quick_exit") ::_exit(0);
  if (how == "abort") std::abort();
  if (how == "crash") *static_cast<volatile int*>(nullptr) = 1;
  if (how == "terminate") throw 1;  // out of a function that may not throw
  if (how == "loop") {
    for (volatile int i = 0;; i = i + 1) {
    }
  }
  if (how == "stop") ::raise(SIGSTOP);
  if (how == "memory") {
    std::vector<char*> blocks;
    for (;;) {
      auto* block = static_cast<char*>(std::malloc(std::size_t{64} << 20));
      if (block == nullptr) std::abort();
      std::memset(block, 1, std::size_t{64} << 20);
      blocks.push_back(block);
    }
  }
  if (how == "close") {
    for (int file = 3; file < 64; ++file) ::close(file);
    for (;;) ::pause();
  }
}

class Hostile : public gensynth::plugin::Constraint {
 public:
  static gensynth::plugin::Info describe() {
    gensynth::plugin::Info info;
    info.name = "hostile";
    info.parameters = {{"how", "string", "not", 0, 0, {}, "what it does in check"},
                       {"making", "string", "not", 0, 0, {}, "what it does when it is made"},
                       {"from_params", "number", 0, 0, 1e12, {}, "only for networks of at least so many parameters"},
                       {"once", "string", "", 0, 0, {}, "only while this file does not exist, which it makes"}};
    return info;
  }

  explicit Hostile(const json& parameters)
      : how_(parameters.at("how")), from_params_(parameters.at("from_params")), once_(parameters.at("once")) {
    misbehave(parameters.at("making"));
  }

  gensynth::plugin::Verdict check(const json&, const json& metrics) const override {
    std::printf("a plugin prints\n");
    if (how_ == "fork") {
      if (::fork() == 0) {
        ::setsid();
        for (;;) ::pause();  // holds whatever was open
      }
    } else if (metrics.at("params").at("value").get<double>() >= from_params_ && is_time()) {
      misbehave(how_);
    }
    return {};
  }

 private:
  bool is_time() const {
    if (once_.empty()) return true;
    if (std::ifstream(once_)) return false;
    std::ofstream(once_) << "x";
    return true;
  }
  std::string how_;
  double from_params_;
  std::string once_;
};

#ifdef PLUGIN_CONSTRUCTOR
__attribute__((constructor)) void on_load() { misbehave(PLUGIN_CONSTRUCTOR); }
#endif

}  // namespace

GENSYNTH_PLUGIN(Hostile)
