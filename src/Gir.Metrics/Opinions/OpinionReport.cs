using Gir.Metrics.Analysis;

namespace Gir.Metrics.Opinions;

/// <summary>How far metrics agree with one set of opinions; every metric over the same images and, for the intervals, the same resamples of the scenes.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Images">Images with an opinion and a score of every metric.</param>
/// <param name="Scenes">Scenes that these images show.</param>
/// <param name="Resampled">
/// What the resamples draw from: the scenes, or, where there are more than 512, that many blocks into which the scenes were dealt at random.
/// </param>
/// <param name="Metrics">One agreement for each metric, in the order asked for.</param>
/// <param name="LeftOut">Images with an opinion that a metric has no finite score for, by name.</param>
/// <param name="Options">How it was measured.</param>
public sealed record OpinionReport(
    string Set, int Images, int Scenes, int Resampled, IReadOnlyList<OpinionAgreement> Metrics, IReadOnlyList<string> LeftOut, OpinionOptions Options);

/// <summary>How far one metric agrees with one set of opinions; scores and opinions are turned so that agreement is positive whatever their directions.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Overall">Over all images.</param>
/// <param name="WithinScenes">Within each scene, averaged over the scenes; null where the opinions name no scenes, or none has three images that differ.</param>
/// <param name="Difference">Against the metric that was asked for; null for that metric itself, or without one.</param>
public sealed record OpinionAgreement(string Metric, OverallAgreement Overall, SceneAgreement? WithinScenes, AgreementDifference? Difference);

/// <summary>Agreement over all images; NaN where there are too few images, or all scores or opinions are equal.</summary>
/// <param name="Srcc">Spearman's rank coefficient, -1..1.</param>
/// <param name="Krcc">Kendall's tau-b, -1..1.</param>
/// <param name="Plcc">Pearson's coefficient after the four-parameter logistic, 0..1: the curve may fall as well as rise, so that the sign is SRCC's to tell.</param>
/// <param name="LinearPlcc">Pearson's coefficient of the scores as they are, -1..1.</param>
/// <param name="Rmse">Root mean squared error after the logistic, in the opinions' unit.</param>
/// <param name="Accuracy">
/// Share of pairs of images that the metric orders as people do, 0..1, a tie counting half, over pairs whose opinions differ by more than the larger of their spreads.
/// </param>
/// <param name="FitConverged">Whether the logistic settled; where not, opinions are no curve of the scores that it can follow, and PLCC and RMSE are those of its last step.</param>
public sealed record OverallAgreement(Estimate Srcc, Estimate Krcc, Estimate Plcc, Estimate LinearPlcc, Estimate Rmse, Estimate Accuracy, bool FitConverged);

/// <summary>Agreement within a scene, averaged over the scenes that have at least three images whose scores and opinions are not all equal.</summary>
/// <param name="Scenes">How many scenes these are.</param>
/// <param name="Srcc">Spearman's rank coefficient.</param>
/// <param name="Krcc">Kendall's tau-b.</param>
/// <param name="LinearPlcc">Pearson's coefficient of the scores as they are: a scene has too few images for a curve.</param>
public sealed record SceneAgreement(int Scenes, Estimate Srcc, Estimate Krcc, Estimate LinearPlcc);

/// <summary>How much better one metric agrees than another, overall; intervals come from the same resamples, so that one without 0 tells a difference.</summary>
/// <param name="Against">The other metric.</param>
/// <param name="Srcc">Difference of Spearman's coefficients.</param>
/// <param name="Krcc">Difference of Kendall's coefficients.</param>
/// <param name="Plcc">Difference of Pearson's coefficients after the logistic.</param>
/// <param name="Accuracy">Difference of the shares of pairs.</param>
public sealed record AgreementDifference(string Against, Estimate Srcc, Estimate Krcc, Estimate Plcc, Estimate Accuracy);
