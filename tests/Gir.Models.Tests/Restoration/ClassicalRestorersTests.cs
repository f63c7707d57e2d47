using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gir.Models.Tests.Restoration;

public class ClassicalRestorersTests
{
    [Test]
    public void Every_restorer_is_found_by_its_name_and_by_its_full_name()
    {
        Assert.That(ClassicalRestorers.All, Has.Count.EqualTo(ClassicalRestorers.Names.Count));
        Assert.That(ClassicalRestorers.All.Select(r => r.Info.Name), Is.Unique);
        for (int i = 0; i < ClassicalRestorers.All.Count; i++)
        {
            RestorerInfo info = ClassicalRestorers.All[i].Info;
            Assert.That(ClassicalRestorers.Find(ClassicalRestorers.Names[i]).Info, Is.EqualTo(info));
            Assert.That(ClassicalRestorers.Find(info.Name).Info, Is.EqualTo(info));
            Assert.That(info.Scale, Is.EqualTo(1));
            Assert.That(info.ParameterCount, Is.Zero);
        }
    }

    [TestCase("gaussian( sigma = 1.5 )", "gaussian(sigma=1.5)")]
    [TestCase(" median(size=5)", "median(size=5)")]
    [TestCase("identity()", "identity")]
    [TestCase("non-local-means(sigma=20,search=5)", "non-local-means(sigma=20, patch=1, search=5, strength=0.65)")]
    [TestCase("inpainting(max=21)", "inpainting(min=5, max=21, sweeps=60)")]
    [TestCase("dark-channel(t0=0.2, radius=20)", "dark-channel(patch=15, omega=0.95, t0=0.2, fraction=0.001, radius=20, epsilon=0.001)")]
    public void Settings_are_read_and_shown(string expression, string name) => Assert.That(ClassicalRestorers.Find(expression).Info.Name, Is.EqualTo(name));

    [TestCase("magic", "non-local-means")]
    [TestCase("gaussian(sigma=1", "parenthesis")]
    [TestCase("gaussian(sigma)", "key=value")]
    [TestCase("gaussian(sigma=one)", "sigma = one: expected a number")]
    [TestCase("gaussian(size=3)", "expected sigma")]
    [TestCase("identity(size=3)", "it has none")]
    [TestCase("gaussian(sigma=1, sigma=2)", "twice")]
    [TestCase("gaussian(sigma=0)", "Sigma")]
    [TestCase("gaussian(sigma=NaN)", "Sigma")]
    [TestCase("median(size=4)", "3 or 5")]
    [TestCase("median(size=3.5)", "whole number")]
    [TestCase("unsharp(amount=-1)", "Amount")]
    [TestCase("richardson-lucy(iterations=0)", "Iterations")]
    [TestCase("back-projection(factor=1)", "Factor")]
    [TestCase("dark-channel(patch=8)", "odd")]
    [TestCase("inpainting(min=5, max=5)", "MaximumThickness")]
    [TestCase("non-local-means(search=100)", "SearchRadius")]
    public void Bad_expressions_are_refused_with_what_was_expected(string expression, string message) =>
        Assert.That(() => ClassicalRestorers.Find(expression), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));

    [Test]
    public void A_container_gives_restorers_by_name()
    {
        using ServiceProvider provider = new ServiceCollection().AddGirModels(o => o.MaxDegreeOfParallelism = 2).BuildServiceProvider();
        foreach (string name in ClassicalRestorers.Names)
            Assert.That(provider.GetRequiredKeyedService<IRestorer>(name).Info, Is.EqualTo(ClassicalRestorers.Find(name).Info));
    }

    [Test]
    public void A_container_keeps_a_restorer_that_was_there_and_validates_options()
    {
        var own = new IdentityRestorer();
        using ServiceProvider provider = new ServiceCollection().AddKeyedSingleton<IRestorer>("gaussian", own)
            .AddGirModels(o => o.MaxDegreeOfParallelism = 0).AddGirModels().BuildServiceProvider();
        Assert.That(provider.GetRequiredKeyedService<IRestorer>("gaussian"), Is.SameAs(own));
        Assert.That(() => provider.GetRequiredKeyedService<IRestorer>("median"), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("MaxDegreeOfParallelism"));
    }
}
