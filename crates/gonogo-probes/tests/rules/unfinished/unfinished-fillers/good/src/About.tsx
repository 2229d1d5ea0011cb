// No lorem ipsum here.
export const About = () => <p>We sell pears</p>;
