#include "search/result/model_package.hpp"

#include <filesystem>
#include <string_view>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/serialize.hpp"
#include "search/result/model_readme.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::embedded {
extern const std::string_view infer_py, infer_mjs;
}

namespace gensynth::result {
namespace {

namespace fs = std::filesystem;

std::string labels_text(const ModelCard& card) {
  std::string text;
  for (const std::string& name : card.classes) text += name + "\n";
  return text;
}

}  // namespace

void complete(const run::Run& run, const trial::Trial& winner, loop::ResultFiles& files) {
  const run::RunFolder& folder = run.folder();
  const std::string base = folder.result();
  if (!fs::exists(folder.weights(winner.id))) {
    std::error_code ignored;
    for (const char* stale : {"/labels.txt", "/README.md", "/infer.py", "/infer.mjs"})
      fs::remove(base + stale, ignored);
    return;
  }
  const auto attempt = [&](const std::string& path, const std::string& text) {
    try {
      write_file_atomically(path, text);
      files.written.push_back(path);
    } catch (const std::exception& error) {
      files.remarks.emplace_back(error.what());
    }
  };
  try {
    const run::NetworkRef net = run::resolve_network(folder.path + "#" + std::to_string(winner.id));
    if (!net.card) {
      files.remarks.emplace_back(
          "the winner was trained by an older version, which did not record how images are prepared and what the "
          "classes are; no labels.txt, README.md, infer.py, infer.mjs");
      return;
    }
    const Architecture network = net.architecture.renamed("attendnext");
    write_architecture(network, base + "/attendnext.json", winner.genotype, net.card);
    attempt(base + "/labels.txt", labels_text(*net.card));
    attempt(base + "/README.md", model_readme(network, *net.card, run.job()));
  } catch (const std::exception& error) {
    files.remarks.emplace_back(error.what());
    return;
  }
  attempt(base + "/infer.py", std::string(embedded::infer_py));
  attempt(base + "/infer.mjs", std::string(embedded::infer_mjs));
}

}  // namespace gensynth::result
