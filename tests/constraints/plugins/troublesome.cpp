// A plugin whose constraints fail in every way that the program must handle.
#include <gensynth_plugin.hpp>
#include <limits>

namespace {

using gensynth::plugin::json;

class Troublesome : public gensynth::plugin::Constraint {
 public:
  static gensynth::plugin::Info describe() {
    gensynth::plugin::Info info;
    info.name = "troublesome";
    info.parameters = {{"trouble",
                        "string",
                        "none",
                        0,
                        0,
                        {"none", "create", "throw", "int", "unknown_vertex", "negative", "nan", "violated"},
                        "what goes wrong"}};
    return info;
  }

  explicit Troublesome(const json& parameters) : trouble_(parameters.at("trouble")) {
    if (trouble_ == "create") throw std::runtime_error("cannot be made");
  }

  gensynth::plugin::Verdict check(const json&, const json& metrics) const override {
    gensynth::plugin::Verdict verdict;
    if (trouble_ == "throw") throw std::runtime_error("stumbled over " + metrics.at("params").at("value").dump());
    if (trouble_ == "int") throw 42;
    if (trouble_ == "unknown_vertex") verdict.vertices = {"nobody"};
    if (trouble_ == "negative") verdict.violation = -1;
    if (trouble_ == "nan") verdict.measured = std::numeric_limits<double>::quiet_NaN();
    if (trouble_ == "violated") verdict.violation = 0.25;
    return verdict;
  }

 private:
  std::string trouble_;
};

}  // namespace

GENSYNTH_PLUGIN(Troublesome)
