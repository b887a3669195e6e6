#include "runtime/data/dataset.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "runtime/data/cache_file.hpp"
#include "runtime/data/selection.hpp"

namespace gensynth::data {
namespace {

/// Why an image belongs to no split.
enum Dropped : std::uint8_t { kKept, kCopyWithinClass, kCopyAcrossClasses, kCopyAcrossSplits, kBad };

/// Marks all but the first of equal files as dropped. Validation comes first, so that it contains no training image.
void drop_duplicates(std::vector<ImageRecord>& records, const std::vector<Digest>& contents) {
  std::map<Digest, std::size_t> seen;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].dropped == kBad) continue;
    const auto [first, is_new] = seen.emplace(contents[i], i);
    if (is_new) continue;
    const ImageRecord& kept = records[first->second];
    records[i].dropped = kept.validation != records[i].validation ? kCopyAcrossSplits
                         : kept.label != records[i].label         ? kCopyAcrossClasses
                                                                  : kCopyWithinClass;
  }
}

/// Receives the images of a source: puts the readable ones in their places and remembers the others.
class Reading {
 public:
  Reading(std::size_t images, const Progress& progress) : contents(images), progress_(progress) {}

  void count() {
    constexpr std::chrono::seconds kEvery{1};
    const std::lock_guard lock(mutex_);
    ++done_;
    const auto now = std::chrono::steady_clock::now();
    if (!progress_ || now - shown_ < kEvery) return;
    shown_ = now;
    progress_(done_, contents.size());
  }
  void add_bad(std::size_t index, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    bad.emplace(index, reason);
  }

  std::vector<Digest> contents;
  std::map<std::size_t, std::string> bad;

 private:
  const Progress& progress_;
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
};

/// Throws Error with all bad files, unless the specification skips so many.
void check_bad_files(const std::map<std::size_t, std::string>& bad, std::size_t images, const DataSpec& spec) {
  const bool skips = spec.bad_files == BadFiles::skip;
  const auto count = static_cast<double>(bad.size());
  if (bad.empty() || (skips && count <= spec.bad_files_limit * static_cast<double>(images))) return;
  constexpr std::size_t kMostShown = 50;
  std::string text =
      "data: " + std::to_string(bad.size()) + " of " + std::to_string(images) + " image files cannot be read; ";
  if (skips) {
    char limit[100];
    std::snprintf(limit, sizeof limit, "\"bad_files_limit\" is %g, a share of at most that may be skipped",
                  spec.bad_files_limit);
    text += limit;
  } else {
    text += "repair or remove them, or leave them out with \"bad_files\": \"skip\"";
  }
  std::size_t shown = 0;
  for (const auto& [index, reason] : bad) {
    if (shown++ == kMostShown) break;
    text += "\n  " + reason;
  }
  if (bad.size() > kMostShown) text += "\n  and " + std::to_string(bad.size() - kMostShown) + " more";
  throw Error(text);
}

/// Throws Error for a class of which no training image is left.
void check_classes(const std::vector<ImageRecord>& records, const std::vector<std::string>& class_names) {
  std::vector<std::array<int, kBad + 1>> counts(class_names.size());
  for (const ImageRecord& record : records) {
    if (record.validation == 0) ++counts[static_cast<std::size_t>(record.label)][record.dropped];
  }
  for (std::size_t label = 0; label < counts.size(); ++label) {
    const auto& count = counts[label];
    if (count[kKept] > 0) continue;
    throw Error("data: class '" + class_names[label] + "' has no training image left: " + std::to_string(count[kBad]) +
                " cannot be read, " + std::to_string(count[kCopyAcrossSplits]) + " are validation images too, " +
                std::to_string(count[kCopyAcrossClasses]) + " are copies of images of other classes");
  }
}

std::string cache_key(const DataSpec& spec, const Source& source) {
  // The key does not contain the hold-out share and the seed of the split: specs that differ only in these share one
  // file.
  return nlohmann::ordered_json{{"kind", to_string(spec.kind)},
                                {"source", source.identity()},
                                {"px", spec.px},
                                {"classes", spec.classes},
                                {"images", spec.images},
                                {"skip", spec.bad_files == BadFiles::skip ? spec.bad_files_limit : -1}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// Names of files may be no valid UTF-8, which is replaced.
std::string describe(const Selection& selection) {
  return nlohmann::json{{"class_names", selection.class_names}, {"contents", to_json(selection.contents)}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

CacheFile open_cache(const DataSpec& spec, const std::string& cache_dir, const Progress& progress) {
  const std::unique_ptr<Source> source = make_source(spec);
  const std::string key = cache_key(spec, *source);
  std::error_code error;
  std::filesystem::create_directories(cache_dir, error);
  if (error) throw Error(cache_dir + ": data cache folder cannot be made: " + error.message(), ErrorKind::environment);
  const std::string name =
      std::string(to_string(spec.kind)) + "-" + to_string(digest(key.data(), key.size())).substr(0, 16) + ".images";

  Selection selection;
  const auto plan = [&] {
    selection = select(*source, spec);
    CacheFile::Plan made;
    made.px = spec.px;
    made.description = describe(selection);
    made.records.resize(selection.entries.size());
    for (std::size_t i = 0; i < selection.entries.size(); ++i) {
      made.records[i].label = selection.labels[i];
      made.records[i].validation = selection.entries[i].validation ? 1 : 0;
    }
    return made;
  };
  const auto fill = [&](CacheFile::Plan& plan, const CacheFile::Put& put) {
    Reading reading(selection.entries.size(), progress);
    const std::vector<std::uint8_t> blank(static_cast<std::size_t>(spec.px) * static_cast<std::size_t>(spec.px) * 3);
    source->read(selection.entries, spec.px,
                 {[&](std::size_t index, const Digest& content, const std::uint8_t* pixels) {
                    reading.contents[index] = content;
                    put(index, pixels);
                    reading.count();
                  },
                  [&](std::size_t index, const std::string& reason) {
                    reading.add_bad(index, reason);
                    put(index, blank.data());
                    reading.count();
                  }});
    check_bad_files(reading.bad, selection.entries.size(), spec);
    for (const auto& [index, reason] : reading.bad) {
      plan.records[index].dropped = kBad;
      selection.contents.bad_files.push_back(reason);
    }
    plan.description = describe(selection);
    drop_duplicates(plan.records, reading.contents);
    check_classes(plan.records, selection.class_names);
  };
  return CacheFile::open_or_make((std::filesystem::path(cache_dir) / name).string(), key, plan, fill);
}

void check(const DataSpec& spec) {
  const auto refuse = [](const std::string& what) { throw Error("data: " + what); };
  if (spec.px < 8 || spec.px > 1024) refuse("px is " + std::to_string(spec.px) + ", expected 8 to 1024");
  if (spec.classes < 0 || spec.classes == 1) {
    refuse("classes is " + std::to_string(spec.classes) + ", expected at least 2, or 0 for all");
  }
  if (spec.images < 0) refuse("images is " + std::to_string(spec.images) + ", expected at least 1, or 0 for all");
  if (!(spec.holdout >= 0 && spec.holdout <= 0.9)) {
    refuse("holdout is " + std::to_string(spec.holdout) + ", expected 0 to 0.9");
  }
}

}  // namespace

struct Dataset::Impl {
  CacheFile cache;
  DataSpec spec;
  std::vector<std::string> class_names;
  std::vector<int> splits[3];  ///< by Split
  Contents contents;

  std::vector<int>& operator[](Split split) { return splits[static_cast<int>(split)]; }

  void carve();
};

void Dataset::Impl::carve() {
  const std::vector<ImageRecord>& records = cache.records();
  std::vector<std::vector<int>> training(class_names.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const int image = static_cast<int>(i);
    contents.copies_within_class += records[i].dropped == kCopyWithinClass ? 1 : 0;
    contents.copies_across_classes += records[i].dropped == kCopyAcrossClasses ? 1 : 0;
    contents.copies_across_splits += records[i].dropped == kCopyAcrossSplits ? 1 : 0;
    if (records[i].dropped != kKept) continue;
    if (records[i].validation != 0) {
      (*this)[Split::validation].push_back(image);
    } else {
      training[static_cast<std::size_t>(records[i].label)].push_back(image);
    }
  }
  for (std::size_t label = 0; label < training.size(); ++label) {
    std::vector<int>& images = training[label];
    const auto count = static_cast<int>(images.size());
    Rng rng(derive_seed(spec.seed, label, "holdout"));
    for (int i = count - 1; i > 0; --i) {
      std::swap(images[static_cast<std::size_t>(i)], images[static_cast<std::size_t>(below(rng, i + 1))]);
    }
    int held = static_cast<int>(std::lround(spec.holdout * count));
    if (spec.holdout > 0 && count >= 2) held = std::clamp(held, 1, count - 1);
    contents.classes_without_holdout += held == 0 ? 1 : 0;
    auto& holdout = (*this)[Split::holdout];
    auto& train = (*this)[Split::train];
    holdout.insert(holdout.end(), images.begin(), images.begin() + held);
    train.insert(train.end(), images.begin() + held, images.end());
  }
  for (std::vector<int>& split : splits) std::sort(split.begin(), split.end());
  const auto count = [&](Split split) { return static_cast<std::int64_t>((*this)[split].size()); };
  contents.train = count(Split::train);
  contents.holdout = count(Split::holdout);
  contents.validation = count(Split::validation);
}

Dataset Dataset::open(const DataSpec& spec, const std::string& cache_dir, const Progress& progress) {
  check(spec);
  auto impl = std::make_unique<Impl>(Impl{open_cache(spec, cache_dir, progress), spec, {}, {}, {}});
  const nlohmann::json description = nlohmann::json::parse(impl->cache.description());
  impl->class_names = description.at("class_names").get<std::vector<std::string>>();
  impl->contents = contents_from_json(description.at("contents"), "data cache", "/contents");
  impl->carve();
  return Dataset(std::move(impl));
}

void Dataset::check_source(const DataSpec& spec) {
  check(spec);
  (void)select(*make_source(spec), spec);
}

void require_holdout(const Dataset& data) {
  if (!data.split(Dataset::Split::holdout).empty()) return;
  throw Error(data.id() + ": no training image is held out, by which a training could be measured; expected at least " +
              "2 training images in a class, and a \"holdout\" above 0");
}

Dataset::Dataset(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Dataset::~Dataset() = default;
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;

int Dataset::px() const { return impl_->cache.px(); }
int Dataset::classes() const { return static_cast<int>(impl_->class_names.size()); }
const std::vector<std::string>& Dataset::class_names() const { return impl_->class_names; }
const std::vector<int>& Dataset::split(Split split) const { return (*impl_)[split]; }
const std::uint8_t* Dataset::pixels(int image) const { return impl_->cache.pixels(static_cast<std::size_t>(image)); }
int Dataset::label(int image) const { return impl_->cache.records()[static_cast<std::size_t>(image)].label; }
int Dataset::duplicates_dropped() const {
  const Contents& contents = impl_->contents;
  return static_cast<int>(contents.copies_within_class + contents.copies_across_classes +
                          contents.copies_across_splits);
}
const Contents& Dataset::contents() const { return impl_->contents; }

std::string Dataset::id() const {
  const DataSpec& spec = impl_->spec;
  std::string source = to_string(spec.kind);
  if (!spec.paths.empty()) source += " " + std::filesystem::path(spec.paths[0]).lexically_normal().string();
  if (spec.paths.size() > 1) source += " and " + std::to_string(spec.paths.size() - 1) + " more";
  char rest[120];
  std::snprintf(rest, sizeof rest, ", %d classes, %d px, holdout %g, seed %llu, contents %.8s", classes(), px(),
                spec.holdout, static_cast<unsigned long long>(spec.seed), to_string(impl_->cache.content()).c_str());
  return source + rest;
}

void Dataset::mean_std(float mean[3], float std[3]) const {
  double sum[3] = {};
  double square_sum[3] = {};
  for (const int image : split(Split::train)) {
    const ImageRecord& record = impl_->cache.records()[static_cast<std::size_t>(image)];
    for (int c = 0; c < 3; ++c) {
      sum[c] += static_cast<double>(record.sum[c]);
      square_sum[c] += static_cast<double>(record.square_sum[c]);
    }
  }
  const double count = static_cast<double>(split(Split::train).size()) * px() * px();
  for (int c = 0; c < 3; ++c) {
    const double average = sum[c] / count;
    mean[c] = static_cast<float>(average / 255);
    std[c] = static_cast<float>(std::sqrt(std::max(square_sum[c] / count - average * average, 0.0)) / 255);
  }
}

}  // namespace gensynth::data
