export const About = () => <p>Lorem ipsum dolor sit amet</p>;
