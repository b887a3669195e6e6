#include "search/result/result_files.hpp"

#include <filesystem>
#include <string_view>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/serialize.hpp"
#include "runtime/drawing/drawing.hpp"
#include "search/companion/calls.hpp"
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

/// Writes the files of one winner; a failure is a remark.
class Writer {
 public:
  Writer(const run::Run& run, const trial::Trial& winner)
      : run_(run), winner_(winner), base_(run.folder().result()), weights_(run.folder().weights(winner.id)) {
    if (!fs::exists(weights_)) weights_.clear();
  }

  ResultFiles write() {
    const Architecture network = run::network_of(run_.job(), winner_, weights_, "attendnext");
    const std::optional<ModelCard> card = weights_.empty() ? std::nullopt : read_card();
    attempt("attendnext.json",
            [&](const std::string& path) { write_architecture(network, path, winner_.genotype, card); });
    attempt_text("attendnext.svg", [&] { return drawing::to_svg(network); });
    if (weights_.empty()) {
      remove_stale();
      if (run_.job().proxy.enabled) {
        files_.remarks.emplace_back("the winner's weights are not there; no .safetensors, no .onnx");
      }
      return std::move(files_);
    }
    write_weights();
    if (card) write_package(network, *card);
    return std::move(files_);
  }

 private:
  template <class Write>
  void attempt(const std::string& name, const Write& write) {
    const std::string path = base_ + "/" + name;
    try {
      write(path);
      files_.written.push_back(path);
    } catch (const std::exception& error) {
      files_.remarks.emplace_back(error.what());
    }
  }
  template <class Text>
  void attempt_text(const std::string& name, const Text& text) {
    attempt(name, [&](const std::string& path) { write_file_atomically(path, text()); });
  }

  std::optional<ModelCard> read_card() {
    try {
      std::optional<ModelCard> card = run::resolve_network(run_.folder().path + "#" + std::to_string(winner_.id)).card;
      if (!card) {
        files_.remarks.emplace_back(
            "the winner was trained by an older version, which did not record how images are prepared and what the "
            "classes are; no labels.txt, README.md, infer.py, infer.mjs");
      }
      return card;
    } catch (const std::exception& error) {
      files_.remarks.emplace_back(error.what());
      return std::nullopt;
    }
  }

  void remove_stale() const {
    for (const char* name :
         {"attendnext.safetensors", "attendnext.onnx", "labels.txt", "README.md", "infer.py", "infer.mjs"}) {
      std::error_code ignored;
      fs::remove(base_ + "/" + name, ignored);
    }
  }

  void write_weights() {
    attempt("attendnext.safetensors", [&](const std::string& path) {
      fs::copy_file(weights_, path + ".tmp", fs::copy_options::overwrite_existing);
      fs::rename(path + ".tmp", path);
    });
    attempt("attendnext.onnx", [&](const std::string& path) {
      companion::CallOptions call;
      call.log = run_.folder().worker_log(0);
      (void)companion::export_onnx({run_.folder().path + "#" + std::to_string(winner_.id), path, 1}, call);
    });
  }

  void write_package(const Architecture& network, const ModelCard& card) {
    attempt_text("labels.txt", [&] { return labels_text(card); });
    attempt_text("README.md", [&] { return model_readme(network, card, run_.job()); });
    attempt_text("infer.py", [] { return std::string(embedded::infer_py); });
    attempt_text("infer.mjs", [] { return std::string(embedded::infer_mjs); });
  }

  const run::Run& run_;
  const trial::Trial& winner_;
  std::string base_;
  std::string weights_;  ///< "" if they do not exist
  ResultFiles files_;
};

}  // namespace

ResultFiles write_result(const run::Run& run, const trial::Trial& winner) {
  std::error_code error;
  fs::create_directories(run.folder().result(), error);
  if (error) {
    throw Error(run.folder().result() + ": the folder cannot be made: " + error.message(), ErrorKind::environment);
  }
  return Writer(run, winner).write();
}

}  // namespace gensynth::result
