#include "runtime/torch/network.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/rewrite/fold.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth::libtorch {
namespace {

using testing::HasSubstr;

template <class What>
std::string message_of(What what) {
  try {
    what();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::vector<std::int64_t> tensor_sizes(const Shape& shape, std::int64_t n) {
  switch (shape.layout) {
    case Layout::map:
      return {n, shape.channels, shape.height, shape.width};
    case Layout::tokens:
      return {n, shape.height, shape.width, shape.channels};
    case Layout::vector:
      return {n, shape.channels};
  }
  return {};
}

Architecture small() {
  ArchitectureBuilder b("small", {Layout::map, 3, 8, 8});
  const int conv = b.add(Convolution{.out_channels = 4, .kernel = {3, 3}}, b.input(), {}, "conv");
  const int act = b.add(Activation{}, b.add(BatchNorm{}, conv, {}, "norm"));
  return b.build(b.add(Linear{5}, b.add(GlobalPool{}, act), {}, "head"));
}

at::Tensor noise(std::vector<std::int64_t> sizes, std::uint64_t seed = 3) {
  Rng rng(seed);
  at::Tensor out = at::empty(sizes, at::kFloat);
  for (std::int64_t i = 0; i < out.numel(); ++i) out.data_ptr<float>()[i] = static_cast<float>(standard_normal(rng));
  return out;
}

TEST(NetworkTest, BothMemoryOrdersComputeTheSame) {
  at::globalContext().setUserEnabledMkldnn(false);  // planes are for LibTorch's own kernels
  const c10::NoGradGuard no_gradients;
  Rng rng(23);
  for (int i = 0; i < 40; ++i) {
    const Architecture architecture = random_architecture(rng, 8 + below(rng, 25), 40);
    Network last(architecture, 1);
    Network planes(architecture, 1, "cpu", MemoryOrder::planes);
    last.train(false);
    planes.train(false);
    const Shape& shape = architecture.shape(0);
    const at::Tensor images = noise({2, shape.channels, shape.height, shape.width});
    const at::Tensor expected = last.forward(images);
    const at::Tensor found = planes.forward(images, [&](int v, const at::Tensor& out) {
      EXPECT_TRUE(architecture.shape(v).layout != Layout::map || out.is_contiguous()) << architecture[v].id;
    });
    EXPECT_LE((found - expected).abs().max().item<float>(), 1e-4F * (1 + expected.abs().max().item<float>())) << i;
  }
  at::globalContext().setUserEnabledMkldnn(true);
}

TEST(NetworkTest, ShapesAndParametersAgreeWithTheGraphEverywhere) {
  Rng rng(11);
  for (int i = 0; i < 80; ++i) {
    const Architecture architecture = random_architecture(rng, 8 + below(rng, 25), 40);
    Network network(architecture, 1);
    const int px = architecture.shape(0).height;
    int visited = 0;
    network.forward(at::zeros({2, 3, px, px}), [&](int v, const at::Tensor& output) {
      EXPECT_EQ(output.sizes().vec(), tensor_sizes(architecture.shape(v), 2)) << architecture[v].id;
      EXPECT_EQ(v, visited++);
    });
    EXPECT_EQ(visited, architecture.size());
    std::int64_t params = 0;
    for (const at::Tensor& parameter : network.parameters()) params += parameter.numel();
    EXPECT_EQ(params, cost(architecture).params);
  }
}

TEST(NetworkTest, GradientsReachEveryParameterOnAPathToTheOutput) {
  Network network(small(), 1);
  network.forward(noise({4, 3, 8, 8})).square().sum().backward();
  for (const at::Tensor& parameter : network.parameters()) {
    ASSERT_TRUE(parameter.grad().defined());
    EXPECT_GT(parameter.grad().abs().max().item<float>(), 0);
  }
  for (const at::Tensor& buffer : network.buffers()) EXPECT_FALSE(buffer.requires_grad());
}

TEST(NetworkTest, OverwritingAnInputChangesNoGradient) {
  Rng rng(8);
  for (int i = 0; i < 40; ++i) {
    const Architecture architecture = random_architecture(rng, 12, 30);
    const at::Tensor images = noise({3, 3, 12, 12});
    Network plain(architecture, 5), reusing(architecture, 5);
    plain.forward(images, [](int, const at::Tensor&) {}).square().sum().backward();
    reusing.forward(images).square().sum().backward();
    const auto a = plain.parameters(), b = reusing.parameters();
    for (std::size_t p = 0; p < a.size(); ++p) {
      ASSERT_EQ(a[p].grad().defined(), b[p].grad().defined());
      if (!a[p].grad().defined()) continue;
      ASSERT_TRUE(at::equal(a[p].grad(), b[p].grad())) << "network " << i << " parameter " << p;
    }
  }
}

TEST(NetworkTest, AVertexReadTwiceAndAnActivationBesideAnotherReader) {
  ArchitectureBuilder b("reuse", {Layout::map, 3, 4, 4});
  const int conv = b.add(Convolution{.out_channels = 3}, b.input());
  const int relu = b.add(Activation{}, conv);
  const int sum = b.add(Add{}, {conv, relu});  // conv must still hold its negative values here
  Network network(b.build(b.add(Add{}, {sum, sum})), 2);
  network.train(false);
  const at::Tensor images = noise({2, 3, 4, 4});
  const at::Tensor c = at::conv2d(images, network.parameters().at(0));
  EXPECT_TRUE(at::allclose(network.forward(images), 2 * (c + at::relu(c)), 1e-5, 1e-6));
}

TEST(NetworkTest, TheImagesAreNotOverwritten) {
  ArchitectureBuilder b("first", {Layout::map, 3, 4, 4});
  Network network(b.build(b.add(Activation{}, b.input())), 2);
  const at::Tensor images = noise({2, 3, 4, 4});
  const at::Tensor before = images.clone();
  network.train(false);
  network.forward(images);
  EXPECT_TRUE(at::equal(images, before));
}

TEST(NetworkTest, InitialValuesComeFromTheSeedAlone) {
  const Architecture architecture = small();
  const Weights weights = Network(architecture, 17).weights();
  const Weights wanted = initial_weights(architecture, 17);
  ASSERT_EQ(weights.size(), wanted.size());
  for (const auto& [name, array] : wanted) {
    EXPECT_EQ(weights.at(name).shape, array.shape) << name;
    EXPECT_EQ(weights.at(name).values, array.values) << name;
  }
  EXPECT_NE(Network(architecture, 18).weights().at("conv.weight").values, wanted.at("conv.weight").values);
}

TEST(NetworkTest, WeightsRoundTrip) {
  Rng rng(21);
  for (int i = 0; i < 20; ++i) {
    const Architecture architecture = random_architecture(rng, 10, 30);
    const at::Tensor images = noise({2, 3, 10, 10});
    Network from(architecture, 1), to(architecture, 2);
    from.forward(images);  // moves the running statistics
    to.load(from.weights());
    from.train(false);
    to.train(false);
    EXPECT_TRUE(at::equal(from.forward(images), to.forward(images)));
  }
}

TEST(NetworkTest, FoldedNetworksGiveEqualOutputs) {
  Rng rng(31);
  for (int i = 0; i < 60; ++i) {
    const Architecture architecture = random_architecture(rng, 12, 40);
    Network network(architecture, 1);
    Weights weights = network.weights();
    for (auto& [name, array] : weights) {
      if (array.shape.size() != 1) continue;
      for (float& value : array.values) value += static_cast<float>(0.5 * uniform01(rng));
    }
    network.load(weights);
    const Folded folded = fold(architecture, weights);
    Network inference(folded.architecture, 2);
    inference.load(folded.weights);
    network.train(false);
    inference.train(false);
    const at::Tensor images = noise({2, 3, 12, 12});
    const at::Tensor wanted = network.forward(images), found = inference.forward(images);
    const double size = std::max(1.0, wanted.abs().max().item<double>());
    EXPECT_LT((found - wanted).abs().max().item<double>(), 1e-4 * size) << "network " << i;
  }
}

TEST(NetworkTest, LoadNamesWhatDoesNotFit) {
  Network network(small(), 1);
  Weights weights = network.weights();
  weights.erase("norm.running_var");
  EXPECT_THAT(message_of([&] { network.load(weights); }), HasSubstr("norm.running_var"));
}

TEST(NetworkTest, DecayIsForMatricesAndKernelsOnly) {
  Network network(small(), 1);
  EXPECT_EQ(network.decays(), (std::vector<bool>{true, false, false, true, false}));  // conv, norm x2, head x2
}

TEST(NetworkTest, WrongImagesAreNamed) {
  Network network(small(), 1);
  const std::string message = message_of([&] { network.forward(at::zeros({2, 3, 9, 8})); });
  EXPECT_THAT(message, HasSubstr("[2, 3, 9, 8]"));
  EXPECT_THAT(message, HasSubstr("[N, 3, 8, 8]"));
}

TEST(NetworkTest, UnknownDevicesAreNamed) {
  const std::string message = message_of([] { Network(small(), 1, "gpu"); });
  EXPECT_THAT(message, HasSubstr("'gpu'"));
  EXPECT_THAT(message, HasSubstr("'cpu'"));
  EXPECT_EQ(torch_devices().at(0), "cpu");
}

/// The outputs of a network, followed by the gradients of their sum.
std::vector<at::Tensor> outputs_and_gradients(Network& network, const at::Tensor& images) {
  std::vector<at::Tensor> out{network.forward(images)};
  if (out[0].requires_grad()) out[0].sum().backward();
  for (const at::Tensor& parameter : network.parameters()) {
    if (parameter.grad().defined()) out.push_back(parameter.grad());
  }
  return out;
}

TEST(NetworkTest, EveryDeviceComputesTheSame) {
  set_up_torch_process();
  Rng rng(41);
  for (int i = 0; i < 12; ++i) {
    const Architecture architecture = i == 0 ? small() : random_architecture(rng, 12, 40);
    const int px = architecture.shape(0).height;
    const at::Tensor images = noise({4, 3, px, px});
    Network cpu(architecture, 1);
    const std::vector<at::Tensor> wanted = outputs_and_gradients(cpu, images);
    for (const std::string& device : torch_devices()) {
      Network network(architecture, 1, device);
      const std::vector<at::Tensor> found = outputs_and_gradients(network, images);
      ASSERT_EQ(found.size(), wanted.size());
      for (std::size_t t = 0; t < found.size(); ++t) {
        EXPECT_LE((found[t].to(at::kCPU) - wanted[t]).norm().item<float>(),
                  1e-3F * wanted[t].norm().item<float>() + 1e-4F)
            << device << ", network " << i << ", tensor " << t;
      }
    }
  }
}

TEST(NetworkTest, SetUpMeansOneThreadAndMayBeRepeated) {
  set_up_torch_process();
  set_up_torch_process();
  EXPECT_EQ(at::get_num_threads(), 1);
  EXPECT_FALSE(torch_version().empty());
}

}  // namespace
}  // namespace gensynth::libtorch
